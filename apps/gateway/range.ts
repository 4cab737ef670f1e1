/** Octets asked for: from one place to before another. */
export interface Span {
  from: number;
  to: number;
}

const RANGE = /^bytes=([0-9]{0,15})-([0-9]{0,15})$/;

/**
 * One range of octets (RFC 9110, 14). Whatever else is asked for, several ranges for one, is passed over, as the standard lets us, and the
 * whole comes; so does it where `If-Range` names another validator than ours. `beyond`: there is no octet in it.
 */
export function spanOf({ range, 'if-range': ifRange }: { range?: string | undefined; 'if-range'?: string | undefined }, { etag, size }: { etag: string; size: number }): Span | 'whole' | 'beyond' {
  const [matched, first = '', last = ''] = RANGE.exec(range ?? '') ?? [];
  if (!matched || (first === '' && last === '') || (ifRange !== undefined && ifRange !== etag)) return 'whole';
  // `-500`: the last five hundred.
  if (first === '') return Number(last) === 0 ? 'beyond' : { from: Math.max(size - Number(last), 0), to: size };
  const [from, to] = [Number(first), last === '' ? size : Math.min(Number(last) + 1, size)];
  if (last !== '' && Number(last) < from) return 'whole';
  return from < size ? { from, to } : 'beyond';
}
