import type { AuthorizeRequest } from './authorize-request.ts'
import { escapeHtml, htmlPage } from './html.ts'
import { SCOPES } from './scopes.ts'
import type { Account } from './spotify-source.ts'

function hidden(name: string, value: string | undefined): string {
  if (value === undefined) return ''
  return `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`
}

function accountChoice({ id, displayName, summary }: Account, first: boolean): string {
  return `<label><input type="radio" name="account" value="${escapeHtml(id)}" required${first ? ' checked' : ''}>
<span>${escapeHtml(displayName)}</span> <small>${escapeHtml(summary)}</small></label>`
}

function scopeList(scope: string): string {
  const names = scope.split(' ').filter((name) => name !== '')
  if (names.length === 0) return '<p>The app will see your public profile only.</p>'
  const items = names.map((name) => `<li>${escapeHtml(SCOPES.get(name) ?? name)}</li>`)
  return `<p>The app will be able to:</p>\n<ul>\n${items.join('\n')}\n</ul>`
}

/** The page that asks a listener to agree; it is a plain form and needs no script. */
export function consentPage(request: AuthorizeRequest, accounts: readonly Account[]): string {
  const { clientId, redirectUri, scope, state, codeChallenge } = request
  const method = codeChallenge === undefined ? undefined : 'S256'
  return htmlPage(
    'Connect a demo listener',
    `<p>The app <strong>${escapeHtml(clientId)}</strong> asks for access. This is a sandbox: nobody's real account is involved.</p>
${scopeList(scope)}
<form method="post" action="authorize">
${hidden('response_type', 'code')}
${hidden('client_id', clientId)}
${hidden('redirect_uri', redirectUri)}
${hidden('scope', scope)}
${hidden('state', state)}
${hidden('code_challenge_method', method)}
${hidden('code_challenge', codeChallenge)}
<fieldset>
<legend>Listener</legend>
${accounts.map((account, i) => accountChoice(account, i === 0)).join('\n')}
</fieldset>
<p>You will return to <code>${escapeHtml(redirectUri)}</code>.</p>
<button type="submit" name="decision" value="agree">Agree</button>
<button type="submit" name="decision" value="cancel">Cancel</button>
</form>`,
  )
}
