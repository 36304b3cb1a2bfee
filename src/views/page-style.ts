/** One style sheet for all pages: the host's colours and fonts where it gives them, else ours, in light and dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; }
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
* { box-sizing: border-box; }
html, body { margin: 0; background: transparent; }
body {
  --text: var(--color-text-primary, light-dark(#1f2328, #e6e6e6));
  --quiet: var(--color-text-secondary, light-dark(#59636e, #a0a6ad));
  --ground: var(--color-background-primary, light-dark(#ffffff, #1e1e1e));
  --raised: var(--color-background-secondary, light-dark(#f4f5f7, #2a2b2e));
  --line: var(--color-border-primary, light-dark(#d5d9de, #44474c));
  --accent: var(--color-text-info, light-dark(#0b62d6, #6cb2ff));
  --good: var(--color-text-success, light-dark(#1a7f37, #5fd07f));
  --bad: var(--color-text-danger, light-dark(#c0262d, #ff8a86));
  --ask: var(--color-text-warning, light-dark(#8a5a00, #e8b04b));
  padding: 12px;
  color: var(--text);
  background: var(--ground);
  font: 13px/1.45 var(--font-sans, system-ui, sans-serif);
}
header { display: flex; gap: 10px; align-items: baseline; flex-wrap: wrap; margin-bottom: 8px; }
h1 { margin: 0; font-size: 15px; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 6px 0; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.bad { color: var(--bad); }
.ask { color: var(--ask); }
.state { padding: 1px 8px; border: 1px solid currentcolor; border-radius: 10px; color: var(--accent); font-size: 12px; }
.state.completed { color: var(--good); }
.state.failed, .state.cancelled { color: var(--bad); }
.state.paused, .state.waiting-approval, .state.pending { color: var(--ask); }
progress { display: block; width: 100%; height: 8px; accent-color: var(--accent); }
pre { margin: 6px 0; padding: 8px; max-height: 260px; overflow: auto; border-radius: 6px; background: var(--raised);
  font: 12px/1.4 var(--font-mono, ui-monospace, monospace); white-space: pre-wrap; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--quiet); }
.log { margin: 8px 0; padding: 8px; max-height: 220px; overflow: auto; list-style: none; border-radius: 6px;
  background: var(--raised); font: 12px/1.5 var(--font-mono, ui-monospace, monospace); overflow-wrap: anywhere; }
.log time { color: var(--quiet); }
.log .warn { color: var(--ask); }
.log .error { color: var(--bad); }
footer { margin-top: 8px; font-size: 12px; overflow-wrap: anywhere; }
main { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 620px; max-width: 900px; height: auto; font-family: var(--font-sans, system-ui, sans-serif); }
svg .title { text-anchor: middle; font-size: 12px; fill: var(--quiet); }
svg rect { fill: var(--raised); stroke: var(--line); }
svg .centre rect { stroke: var(--accent); stroke-width: 2; }
svg .name { font-size: 12px; font-weight: 600; fill: var(--text); }
svg .file { font-size: 10px; fill: var(--quiet); }
svg .edge { fill: none; stroke: var(--quiet); stroke-width: 1.2; }
svg .possible { stroke-dasharray: 4 3; }
svg [role="button"] { cursor: pointer; }
svg [role="button"]:hover rect, svg [role="button"]:focus rect { stroke: var(--accent); outline: none; }
svg [role="button"]:focus { outline: none; }
`;
