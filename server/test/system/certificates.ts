import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files of PEM text. */
export interface Certificate {
  cert: string
  key: string
}

export interface Authority extends Certificate {
  /** A certificate for 127.0.0.1 that this authority vouches for. */
  issue(name: string): Certificate
}

const EC_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

/** Node can read certificates, but not make them. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Makes an authority of its own in a folder. */
export function certificateAuthority(folder: string, name: string): Authority {
  const at = (file: string) => join(folder, `${name}-${file}`)
  const openssl = (words: string, ...args: string[]) =>
    execFileSync('openssl', [...words.split(' '), ...args], { stdio: 'ignore' })
  const own = { cert: at('ca.pem'), key: at('ca.key') }
  openssl(`req -x509 ${EC_KEY} -days 2 -subj /CN=${name}`, '-keyout', own.key, '-out', own.cert)
  return {
    ...own,
    issue(subject) {
      const issued = { cert: at(`${subject}.pem`), key: at(`${subject}.key`) }
      const request = at(`${subject}.csr`)
      const extensions = at(`${subject}.ext`)
      writeFileSync(extensions, 'subjectAltName=IP:127.0.0.1\n')
      openssl(`req ${EC_KEY} -subj /CN=${subject}`, '-keyout', issued.key, '-out', request)
      const authority = ['-CA', own.cert, '-CAkey', own.key]
      const files = ['-in', request, '-out', issued.cert, '-extfile', extensions]
      openssl('x509 -req -CAcreateserial -days 2', ...authority, ...files)
      return issued
    },
  }
}
