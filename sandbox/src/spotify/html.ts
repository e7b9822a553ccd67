const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Makes a text safe between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 34rem; padding: 2rem 1rem; }
fieldset { border: 1px solid #8886; border-radius: .5rem; max-height: 20rem; overflow: auto; margin: 1rem 0; }
label { display: block; padding: .35rem 0; }
small { opacity: .75; }
button { font: inherit; padding: .6rem 1.6rem; border-radius: 2rem; border: 1px solid #8888; cursor: pointer; }
button[value=agree] { background: #146c37; color: #fff; border-color: #146c37; }
:focus-visible { outline: 3px solid #2a6fdb; outline-offset: 2px; }`

/** One complete page; `body` is trusted HTML. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`
}
