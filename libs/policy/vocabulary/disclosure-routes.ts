import type { RouteCode } from '#protocol/disclosure';
import type { Entry } from './entry';

/** Ways off the wire. */
export const DISCLOSURE_ROUTES = {
  telephone: { says: 'in a telephone call' },
  voicemail: { says: 'left as a voice message' },
  'text-message': { says: 'in a text message' },
  verbal: { says: 'face to face, or in a meeting' },
  post: { says: 'by post, or the internal mail' },
  courier: { says: 'by secure courier' },
  fax: { says: 'by fax' },
  'portable-media': { says: 'on a portable medium, handed over' },
  'tls-domain': { says: 'by mail between domains that hold TLS, from the sender’s premises' },
} as const satisfies Record<RouteCode, Entry>;

/** How it was made sure who is at the other end. */
export const IDENTITY_CHECKS = {
  'called-back': { says: 'called back over the switchboard or the number of the directory' },
  'known-personally': { says: 'the person is known to the caller' },
  'confirmed-by-manager': { says: 'confirmed by a manager of the other organisation' },
  'security-question': { says: 'answered what only that person can' },
  'identity-card': { says: 'showed an identity card' },
} as const satisfies Record<string, Entry>;

/** Why there was no other way than a fax. */
export const NO_ALTERNATIVES = {
  'no-electronic-way': { says: 'the recipient can be reached by no electronic way' },
  'electronic-way-down': { says: 'the electronic way stood still' },
  'no-time-for-courier': { says: 'post or courier would come too late' },
} as const satisfies Record<string, Entry>;
