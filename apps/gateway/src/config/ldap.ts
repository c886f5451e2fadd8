// Owns what the LDAP settings mean together.
import type { Env } from './env.ts';

export interface LdapConfig {
  readonly url: string;
  /** null: the directory is searched anonymously. */
  readonly bind: { readonly dn: string; readonly password: string } | null;
  readonly searchBase: string;
  /** Holds `{{username}}`. */
  readonly searchFilter: string;
  readonly searchAttributes: readonly string[];
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly tls: {
    readonly rejectUnauthorized: boolean;
    readonly caFile: string | null;
    readonly certFile: string | null;
    readonly keyFile: string | null;
    readonly serverName: string | null;
  };
  readonly attributes: {
    readonly username: string;
    readonly displayName: string;
    readonly email: string;
    readonly firstName: string;
    readonly lastName: string;
  };
}

export interface LdapResult {
  /** null: switched off. */
  readonly config: LdapConfig | null;
  readonly problems: readonly string[];
}

export function ldapOf(env: Env): LdapResult {
  if (!env.LDAP_ENABLED) return { config: null, problems: [] };
  const { LDAP_URL: url, LDAP_SEARCH_BASE: searchBase, LDAP_BIND_DN: dn, LDAP_BIND_PASSWORD: password } = env;
  const problems = [
    ...(url === undefined
      ? ['LDAP_URL is missing: with LDAP_ENABLED it names the server, ldaps://host']
      : []),
    ...(searchBase === undefined
      ? ['LDAP_SEARCH_BASE is missing: with LDAP_ENABLED it says where users are']
      : []),
    ...((dn === undefined) === (password === undefined)
      ? []
      : ['LDAP_BIND_DN and LDAP_BIND_PASSWORD belong together: set both, or neither']),
    ...((env.LDAP_TLS_CERT_FILE === undefined) === (env.LDAP_TLS_KEY_FILE === undefined)
      ? []
      : ['LDAP_TLS_CERT_FILE and LDAP_TLS_KEY_FILE belong together: set both, or neither']),
  ];
  if (url === undefined || searchBase === undefined || problems.length > 0) return { config: null, problems };
  return {
    config: {
      url,
      bind: dn === undefined || password === undefined ? null : { dn, password },
      searchBase,
      searchFilter: env.LDAP_SEARCH_FILTER,
      searchAttributes: env.LDAP_SEARCH_ATTRIBUTES,
      timeoutMs: env.LDAP_TIMEOUT,
      connectTimeoutMs: env.LDAP_CONNECT_TIMEOUT,
      tls: {
        rejectUnauthorized: env.LDAP_TLS_REJECT_UNAUTHORIZED,
        caFile: env.LDAP_TLS_CA_FILE ?? null,
        certFile: env.LDAP_TLS_CERT_FILE ?? null,
        keyFile: env.LDAP_TLS_KEY_FILE ?? null,
        serverName: env.LDAP_TLS_SERVERNAME ?? null,
      },
      attributes: {
        username: env.LDAP_USER_ATTR_USERNAME,
        displayName: env.LDAP_USER_ATTR_DISPLAY_NAME,
        email: env.LDAP_USER_ATTR_EMAIL,
        firstName: env.LDAP_USER_ATTR_FIRST_NAME,
        lastName: env.LDAP_USER_ATTR_LAST_NAME,
      },
    },
    problems,
  };
}
