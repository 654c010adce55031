type Environment = Readonly<Record<string, string | undefined>>

const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const

/**
 * Sends requests of this process through the proxy that the runner's environment names, NO_PROXY considered. Node does
 * so itself from 24.14 on; nothing is bundled for it. Where there is no proxy, nothing is loaded or changed.
 */
export async function useProxyOf(env: Environment): Promise<void> {
  if (proxyVariables.every((name) => (env[name] ?? '') === '')) return
  const http = await import('node:http')
  http.setGlobalProxyFromEnv({ ...env })
}
