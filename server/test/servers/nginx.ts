import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { programPath } from './missing-server.ts'
import { portAnswers } from './port-answers.ts'
import { runServer, type Server } from './run-server.ts'
import { serverFolder } from './server-folder.ts'
import { sparePort } from './spare-port.ts'

export interface NginxServer extends Server {
  readonly url: string
  /** Sends requests to these from now on; those under way go on where they are. */
  serve(upstreams: readonly string[]): Promise<void>
}

/**
 * A request that reached nobody goes to the next process; one that was sent and may have changed
 * something does not, except events, which carry their own ids.
 */
const proxyConfig = (port: number, folder: string, upstreams: readonly string[]): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream application {
${upstreams.map((upstream) => `    server ${upstream} max_fails=1 fail_timeout=1s;`).join('\n')}
    keepalive 32;
  }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_connect_timeout 1s;
    proxy_read_timeout 30s;
    location / {
      proxy_pass http://application;
      proxy_next_upstream error timeout;
    }
    location = /analytics/events {
      proxy_pass http://application;
      proxy_next_upstream error timeout non_idempotent;
    }
  }
}
`

/** Nginx in front of processes of ours, each given as `host:port`; requests go round. */
export async function startNginx(upstreams: readonly string[]): Promise<NginxServer> {
  const port = await sparePort()
  const folder = serverFolder('nginx')
  const file = join(folder, 'nginx.conf')
  await writeFile(file, proxyConfig(port, folder, upstreams))
  const server = await runServer({
    name: 'nginx',
    command: programPath('nginx') ?? 'nginx',
    args: ['-p', folder, '-e', 'stderr', '-c', file],
    port,
    folder,
    endSignal: 'SIGQUIT',
    probe: () => portAnswers(port),
  })
  return Object.assign(server, {
    url: `http://127.0.0.1:${port}`,
    async serve(others: readonly string[]) {
      await writeFile(file, proxyConfig(port, folder, others))
      process.kill(server.pid, 'SIGHUP')
    },
  })
}
