/** Asks for the token, fetches the description with it, and hands both to Swagger UI. Addresses are relative: a proxy may have put a path before them. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>LightDom API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/page.css">
</head>
<body>
<main>
<form id="entry" autocomplete="off">
<h1>LightDom API</h1>
<p>The description of this API, and requests to it, need a bearer token: the text of the file <code>token</code> in the data folder, or an access token. It stays in this page and is forgotten with it.</p>
<label for="token">Token</label>
<input id="token" type="password" required autofocus autocomplete="off" spellcheck="false">
<button type="submit">Show the API</button>
<p id="problem" role="alert"></p>
</form>
<div id="api"></div>
</main>
<script src="docs/swagger-ui.js"></script>
<script src="docs/page.js"></script>
</body>
</html>
`;

export const DOCS_STYLE = `body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: #fff; color: #222; }
#entry { max-width: 36rem; margin: 10vh auto; padding: 0 1rem; }
#entry[hidden] { display: none; }
#entry label { display: block; font-weight: 600; }
#entry input { width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; }
#entry button { margin-top: .75rem; padding: .5rem 1rem; font: inherit; }
#problem { color: #a4262c; }
`;

export const DOCS_SCRIPT = `'use strict';
const entry = document.getElementById('entry');
entry.addEventListener('submit', async (event) => {
  event.preventDefault();
  const problem = document.getElementById('problem');
  problem.textContent = '';
  const authorization = 'Bearer ' + document.getElementById('token').value.trim();
  try {
    const answer = await fetch('api/openapi.json', { headers: { authorization } });
    const body = await answer.json();
    if (!answer.ok) throw new Error([body.detail, body.hint].filter(Boolean).join(' '));
    show(body, authorization);
  } catch (error) {
    problem.textContent = error.message;
  }
});

function show(spec, authorization) {
  document.getElementById('token').value = '';
  entry.hidden = true;
  SwaggerUIBundle({
    spec,
    dom_id: '#api',
    deepLinking: true,
    docExpansion: 'none',
    validatorUrl: null,
    requestInterceptor(request) {
      request.headers.Authorization = authorization;
      return request;
    },
  });
}
`;
