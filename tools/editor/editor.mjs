// The editor of the query page: CodeMirror put together for SPARQL. What it says and proposes comes from the page.
import { autocompletion, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

// So few that the list never scrolls by itself: the arrow keys move it, and who uses a mouse types one letter more.
const SHOWN = 8;

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: tags.variableName, color: "var(--code-variable)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--code-comment)" },
  { tag: [tags.number, tags.bool], color: "var(--code-number)" },
]);

const LOOK = EditorView.theme({
  "&": { border: "1px solid var(--quiet)", borderRadius: "3px", backgroundColor: "var(--ground)", color: "var(--ink)", fontSize: "1rem", minHeight: "18rem", maxHeight: "70vh" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px", boxShadow: "0 0 0 2px var(--ink)" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace', lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--link) 8%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "color-mix(in srgb, var(--link) 28%, var(--ground))" },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--quiet)" },
  "&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket": { backgroundColor: "transparent", outline: "1px dashed var(--accent)" },
  ".cm-fault": { textDecoration: "underline wavy var(--accent) 2px", backgroundColor: "var(--warn-ground)", color: "var(--warn-ink)" },
  ".cm-tooltip": { border: "1px solid var(--quiet)", backgroundColor: "var(--raised)", color: "var(--ink)", maxWidth: "min(44rem, 96vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "none" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".25rem .5rem", minHeight: "24px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--link)", color: "var(--ground)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "1", marginLeft: ".8em" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionInfo": { padding: ".4rem .6rem", maxWidth: "22rem", whiteSpace: "normal" },
});

const setFault = StateEffect.define();
const FAULT_MARK = Decoration.mark({ class: "cm-fault" });
// A fault is marked until the text is changed: then it may be mended.
const FAULT = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setFault)) return effect.value ? Decoration.set([FAULT_MARK.range(effect.value.from, effect.value.to)]) : Decoration.none;
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * Opens an editor in `host`. `label` and `hint` are for screen readers, `phrases` are the editor's own words, `complete` is asked
 * for proposals, `onRun` is called on Ctrl+Enter and `onChange` with the text at each change.
 *
 * It lives in a shadow root: there its styles are adopted sheets, which a strict Content-Security-Policy lets be.
 * Tab is not bound, so it leaves the editor.
 */
export function openEditor(host, { text, label, hint, phrases, complete, onRun, onChange }) {
  const root = host.attachShadow({ mode: "open" });
  const described = document.createElement("p");
  described.id = "hint";
  described.hidden = true;
  described.textContent = hint;
  root.append(described);
  const run = () => (onRun(), true);
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), drawSelection(), bracketMatching(), highlightActiveLine(), sparql(), syntaxHighlighting(COLOURS), FAULT,
        EditorState.phrases.of(phrases),
        autocompletion({ override: [complete], icons: false, maxRenderedOptions: SHOWN }),
        keymap.of([{ key: "Mod-Enter", run }, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        LOOK,
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": described.id, tabindex: "0" }),
        EditorView.domEventHandlers({ blur: (_, view) => void closeCompletion(view) }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    focus: () => view.focus(),
    /** Marks the place of a fault, from 1, the column in characters as the parser counts, and puts the cursor there. */
    showFault(line, column) {
      const found = view.state.doc.line(Math.min(line, view.state.doc.lines));
      const at = Math.min(found.from + [...found.text].slice(0, column - 1).join("").length, found.to);
      const after = /^[\p{L}\p{N}_:?$-]+|^\S/u.exec(found.text.slice(at - found.from))?.[0].length ?? 0;
      // Where nothing follows, what is marked is the word before: the parser was not content with it.
      const before = after ? 0 : /\S*\s*$/.exec(found.text.slice(0, at - found.from))[0].length;
      const range = { from: at - before, to: at + after };
      view.dispatch({ effects: setFault.of(range.from < range.to ? range : null), selection: { anchor: at }, scrollIntoView: true });
    },
    clearFault: () => view.dispatch({ effects: setFault.of(null) }),
  };
}
