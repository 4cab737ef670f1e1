export type CmsKind = 'enveloped' | 'auth-enveloped';

/** RFC 5652, 6.1, and RFC 5083, 2.1, for messages with neither originator information nor attributes. */
export function versionFor(kind: CmsKind, recipients: readonly { version: number }[]): 0 | 2 {
  return kind === 'auth-enveloped' || recipients.every(({ version }) => version === 0) ? 0 : 2;
}
