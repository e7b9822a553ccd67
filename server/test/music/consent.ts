/** Agrees on the sandbox's consent page as a listener, or cancels: `'cancel'`. */
export async function consent(authorizeUrl: string, listener: string): Promise<URLSearchParams> {
  const url = new URL(authorizeUrl)
  const decision =
    listener === 'cancel' ? { decision: 'cancel' } : { decision: 'agree', account: listener }
  const answer = await fetch(url.origin + url.pathname, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ ...Object.fromEntries(url.searchParams), ...decision }),
  })
  const location = answer.headers.get('location')
  if (location === null) throw new Error(`no redirect: ${answer.status} ${await answer.text()}`)
  return new URL(location).searchParams
}
