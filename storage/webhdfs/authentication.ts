/** What one request carries to say who asks. */
export type Credentials = {
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * Who hive-ferry is for one cluster; the one place where a way to sign in plugs in. Asked before each request to a
 * namenode; a datanode is sent what the namenode's redirect carries and nothing else.
 */
export interface Authentication {
  credentials(): Promise<Credentials>;
}

/** Hadoop's "simple" authentication: the server believes the name. */
export function simpleAuthentication(user: string): Authentication {
  const credentials: Credentials = { query: { 'user.name': user }, headers: {} };
  return { credentials: async () => credentials };
}
