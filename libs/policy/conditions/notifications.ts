import { NOTIFICATION_ENDED } from '../notifications';
import { circulates } from '../notification-parts';
import type { Condition, RecipientFacts, ShareFacts } from './condition';

/** What is put to somebody, answers that, or passes it on is no circulation; whoever is no party is told so by another condition. */
const isCirculation = ({ manifest, purpose, membership }: ShareFacts): boolean => membership?.status === 'active' && purpose?.nature === 'notification' && !manifest.asks && manifest.threads?.request === undefined && manifest.threads?.previous === undefined;
const knowsIt = ({ notification, recipient }: RecipientFacts): boolean => recipient.agency === notification?.issuer || recipient.agency === notification?.circulator;

/** What carries the text of a notification about a provider, or is about one. */
export const NOTIFICATIONS = [
  {
    code: 'NOTIFICATION_UNKNOWN', clauses: ['IN-06'], on: 'share', by: 'wire', grounds: [{ technical: 'what is about a notification in which its sender has no part stands in no record' }], pointer: '/threads/notification', nicety: true,
    says: 'a share that names a notification names one, under this agreement, in which its sender has a part',
    next: 'Draft the notification first; or leave `threads.notification` out.',
    met: ({ manifest, notification }) => manifest.threads?.notification === undefined || notification !== undefined,
  },
  {
    code: 'CIRCULATED_BY_ANOTHER', clauses: ['ML-05', 'IN-06'], on: 'recipient', by: 'wire', term: 'notification.circulator', pointer: '/recipient/agency', nicety: true,
    says: 'whoever issues a notification gives it to whoever circulates, and addresses nobody on the list itself',
    next: 'Share it with whoever circulates; what you ask of one agency, put as an information request.',
    met: (facts) => !isCirculation(facts) || circulates(facts.agreement, facts.membership) || circulates(facts.agreement, facts.theirMembership),
  },
  {
    code: 'NOTIFICATION_OVER', clauses: ['IN-13'], on: 'recipient', by: 'wire', term: 'notification.circulator', pointer: '/threads/notification',
    says: 'what was rescinded or closed is passed on to nobody, and shown as open nowhere',
    next: 'Leave it; a new concern is a new notification.',
    met: (facts) => facts.notification === undefined || !NOTIFICATION_ENDED.includes(facts.notification.state) || knowsIt(facts) || facts.sender?.agency === facts.notification.circulator,
  },
] as const satisfies readonly Condition[];
