// Owns how a shell says things: a variable for now and for good, a request, a path, several lines. Pure.
import { quoteForPowerShell, quoteForShell } from '@/lib/client-settings';
import { quoteForCmd, setInCmd } from '@/lib/quoting';
import type { Shell } from './clients';

export type Variables = Readonly<Record<string, string>>;

export function quoteFor(shell: Shell, text: string): string {
  switch (shell) {
    case 'posix':
      return quoteForShell(text);
    case 'powershell':
      return quoteForPowerShell(text);
    case 'cmd':
      return quoteForCmd(text);
  }
}

/** For programs that are started from this window. */
export function setVariables(shell: Shell, variables: Variables): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      switch (shell) {
        case 'posix':
          return `export ${name}=${quoteForShell(value)}`;
        case 'powershell':
          return `$env:${name} = ${quoteForPowerShell(value)}`;
        case 'cmd':
          return setInCmd(name, value);
      }
    })
    .join('\n');
}

/** For every window that is opened from now on. */
export function keepVariables(shell: Shell, variables: Variables): string {
  if (shell === 'posix') return setVariables(shell, variables);
  return Object.entries(variables)
    .map(([name, value]) =>
      shell === 'powershell'
        ? `[Environment]::SetEnvironmentVariable('${name}', ${quoteForPowerShell(value)}, 'User')`
        : `setx ${name} ${quoteForCmd(value)}`,
    )
    .join('\n');
}

/** A file below the home folder, as the shell's user knows it. */
export function homePath(shell: Shell, folder: string, file: string): string {
  return shell === 'posix' ? `~/${folder}/${file}` : ['%USERPROFILE%', folder, file].join('\\');
}

interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** A POST of JSON. PowerShell has its own command: what it hands to curl.exe depends on its version. */
export function postJson(shell: Shell, { url, headers, body }: HttpRequest): string {
  const text = JSON.stringify(body);
  if (shell === 'powershell') {
    const pairs = Object.entries(headers).map(
      ([name, value]) => `${quoteForPowerShell(name)} = ${quoteForPowerShell(value)}`,
    );
    return [
      `$body = ${quoteForPowerShell(text)}`,
      `$headers = @{ ${pairs.join('; ')} }`,
      `Invoke-RestMethod -Method Post -Uri ${quoteForPowerShell(url)} -Headers $headers -ContentType 'application/json' -Body $body | ConvertTo-Json -Depth 9`,
    ].join('\n');
  }
  const quote = (part: string) => quoteFor(shell, part);
  const parts = [
    `curl ${quote(url)}`,
    ...Object.entries({ ...headers, 'content-type': 'application/json' }).map(
      ([name, value]) => `-H ${quote(`${name}: ${value}`)}`,
    ),
    `-d ${quote(text)}`,
  ];
  return parts.join(shell === 'posix' ? ' \\\n  ' : ' ^\n  ');
}
