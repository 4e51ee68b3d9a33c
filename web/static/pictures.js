// A figure as PNG: the browser draws the SVG that stands beside the button, twice as large, and saves what it has drawn.
const TIMES = 2;

async function save(link) {
  const picture = new Image();
  picture.src = link.href;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * TIMES;
  canvas.height = picture.naturalHeight * TIMES;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const drawn = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const saved = document.createElement("a");
  saved.href = URL.createObjectURL(drawn);
  saved.download = new URL(link.href).pathname.split("/").slice(-2).join("-").replace(/\.svg$/, ".png");
  saved.click();
  URL.revokeObjectURL(saved.href);
}

for (const button of document.querySelectorAll("button.as-png")) {
  button.hidden = false;
  button.addEventListener("click", () => save(button.previousElementSibling));
}
