import { globSync } from 'node:fs';
import { DUTIES, type Step } from '#duties/kinds';
import { POSTS } from '#policy/vocabulary/roles';
import { PUSH_AGAIN } from '#exchange/pushes';
import { CONSOLE_LIMITS } from '../../../apps/console/limits';
import { READER_LIMITS } from '../../../apps/reader/limits';
import { RETRIES } from '#mail/retries';
import { type Limit, LIMITS } from '#protocol/limits';
import { code, document, table } from './markdown';
import { type Constant, constantsOf, type Quantity } from './source';

type Unit = Limit['unit'] | 'months' | 'bits' | 'connections';

interface Elsewhere {
  file: string;
  name: string;
  unit: Unit;
  /** What it limits, where its name alone does not say. */
  what: string;
  /** Why, where the comment above the constant does not say. */
  because?: string;
}

/** Limits, timeouts and sizes that are one room's own, not the wire's. Value and reason are read where they stand. */
const ELSEWHERE: Readonly<Record<string, readonly Elsewhere[]>> = {
  Queue: [
    { file: 'libs/queue/message.ts', name: 'DELIVERY_LIMIT', unit: 'items', what: 'hand-overs of one message' },
    { file: 'libs/queue/message.ts', name: 'RETRY_AFTER_MS', unit: 'milliseconds', what: 'pause before each further hand-over', because: 'a passing fault has mostly passed in half a second; one that has not is given a minute' },
    { file: 'libs/queue/message.ts', name: 'BATCH', unit: 'items', what: 'messages handed over or published at once' },
    { file: 'libs/queue/outbox.ts', name: 'LEASE_MS', unit: 'milliseconds', what: 'how long a message is lent to a consumer, on PostgreSQL' },
    { file: 'libs/queue/outbox.ts', name: 'MOST_PARKED', unit: 'items', what: 'messages set aside that `waybill queue list` tells one by one' },
    { file: 'libs/exchange/exchange.ts', name: 'FULL_RETRY_S', unit: 'seconds', what: 'after which a share that was answered 503 because too much waits is to be sent again' },
    { file: 'libs/queue/backlog.ts', name: 'OUTBOX_LIMIT', unit: 'items', what: 'messages that may wait before shares are answered 503, where no other number is set' },
    { file: 'libs/queue/backlog.ts', name: 'PRESSING', unit: 'items', what: 'times that number before shares of an emergency are' },
    { file: 'libs/queue/backlog.ts', name: 'COUNTED_EVERY_MS', unit: 'milliseconds', what: 'pause between two counts of them' },
    { file: 'libs/queue/bell.ts', name: 'POLL_MS', unit: 'milliseconds', what: 'longest pause between looks at the outbox' },
    { file: 'libs/queue/topology.ts', name: 'BROKER_DELIVERY_LIMIT', unit: 'items', what: 'hand-overs that a broker counts before it gives a message up' },
    { file: 'libs/queue/rabbit-transport.ts', name: 'PREFETCH', unit: 'items', what: 'messages of a lane that a broker lends a courier' },
    { file: 'libs/queue/rabbit-transport.ts', name: 'GATHER_MS', unit: 'milliseconds', what: 'wait for what comes right behind a message that does not press' },
    { file: 'libs/queue/rabbit-transport.ts', name: 'OPENING_MS', unit: 'milliseconds', what: 'wait, once, for all lanes of a broker that is taken up' },
    { file: 'libs/queue/rabbit-transport.ts', name: 'RETRY_MS', unit: 'milliseconds', what: 'pause before a lost lane is consumed again, or messages in hand are tried again while the database is away' },
    { file: 'libs/queue/dead-letters.ts', name: 'PREFETCH', unit: 'items', what: 'dead letters that a broker lends the relay' },
    { file: 'libs/queue/dead-letters.ts', name: 'SETTLE_AGAIN_MS', unit: 'milliseconds', what: 'pause before a dead letter is settled again' },
    { file: 'libs/queue/confirming.ts', name: 'CONFIRM_MS', unit: 'milliseconds', what: 'wait for a broker to confirm a batch' },
    { file: 'libs/queue/publisher.ts', name: 'GATHER_MS', unit: 'milliseconds', what: 'pause after a batch that was not full, before the next is published' },
    { file: 'libs/queue/publisher.ts', name: 'UNROUTABLE_PAUSE_MS', unit: 'milliseconds', what: 'pause before what no queue takes is published again' },
    { file: 'libs/queue/publisher.ts', name: 'LOST_AFTER_MS', unit: 'milliseconds', what: 'age at which a published message that a broker no longer has is published again' },
    { file: 'libs/queue/wire.ts', name: 'LONGEST_LIFE_MS', unit: 'milliseconds', what: 'life of a message at a broker; shorter where its payload’s is' },
    { file: 'libs/queue/broker.ts', name: 'RECONNECT_MS', unit: 'milliseconds', what: 'longest pause before the first try to reach a broker again' },
    { file: 'libs/queue/broker.ts', name: 'RECONNECT_LIMIT_MS', unit: 'milliseconds', what: 'longest pause before any further try' },
    { file: 'libs/queue/broker.ts', name: 'LASTING_MS', unit: 'milliseconds', what: 'life of a connection after which the pauses begin anew' },
    { file: 'libs/queue/broker.ts', name: 'HEARTBEAT_S', unit: 'seconds', what: 'between heartbeats with a broker' },
    { file: 'libs/queue/broker.ts', name: 'CONNECT_MS', unit: 'milliseconds', what: 'one try to reach a broker' },
  ],
  Exchange: [
    { file: 'libs/partnership/disruptions.ts', name: 'BATCH', unit: 'items', what: 'senders told in one transaction of what is delayed' },
    { file: 'libs/partnership/disruptions.ts', name: 'EMERGENCY_DISRUPTED_MS', unit: 'milliseconds', what: 'wait in the queue after which an emergency, or what is told of a breach, counts as disrupted' },
    { file: 'libs/partnership/disruptions.ts', name: 'URGENT_DISRUPTED_MS', unit: 'milliseconds', what: 'the same of what is urgent or has priority' },
    { file: 'libs/partnership/disruptions.ts', name: 'ROUTINE_DISRUPTED_MS', unit: 'milliseconds', what: 'the same of the rest' },
    { file: 'libs/exchange/group.ts', name: 'MOST', unit: 'items', what: 'submissions in one commit' },
    { file: 'libs/exchange/group.ts', name: 'PATIENCE_MS', unit: 'milliseconds', what: 'longest wait for the commit before' },
    { file: 'libs/exchange/group.ts', name: 'AT_ONCE', unit: 'items', what: 'commits under way at once' },
    { file: 'libs/exchange/exchange.ts', name: 'FULL_RETRY_S', unit: 'seconds', what: 'what Retry-After says when too much waits to be delivered' },
    { file: 'libs/exchange/exchange.ts', name: 'DECISIONS', unit: 'items', what: 'decisions on one share before it is put off' },
    { file: 'libs/exchange/exchange.ts', name: 'RULING_LASTS_MS', unit: 'milliseconds', what: 'how long a decision stands while the parts arrive' },
    { file: 'libs/exchange/documents.ts', name: 'MOST_KNOWN', unit: 'items', what: 'parties of which a process remembers that they are kept' },
    { file: 'libs/policy/loading/remembering.ts', name: 'MOST_REMEMBERED', unit: 'items', what: 'agreements kept in memory, of those that are loaded and of those by which decisions are made again', because: 'more than any process serves at once' },
    { file: 'libs/exchange/collision.ts', name: 'ATTEMPTS', unit: 'items', what: 'times that one transaction is tried' },
    { file: 'libs/exchange/head.ts', name: 'FAULTS_TOLD', unit: 'items', what: 'faults told of one manifest' },
    { file: 'libs/exchange/upload-upkeep.ts', name: 'BATCH', unit: 'items', what: 'uploads removed in one transaction' },
    { file: 'libs/duties/reminding.ts', name: 'BATCH', unit: 'items', what: 'duties of which somebody is reminded in one transaction' },
    { file: 'libs/requests/unanswered.ts', name: 'BATCH', unit: 'items', what: 'requests reported as unanswered in one transaction' },
    { file: 'libs/rights/falling-due.ts', name: 'BATCH', unit: 'items', what: 'copies whose time is over, or whose keeping is looked at, told of in one transaction' },
    { file: 'libs/exchange/suspended.ts', name: 'BATCH', unit: 'items', what: 'transfers held or resumed in one transaction, while an agreement is suspended and after' },
    { file: 'libs/breach/ending.ts', name: 'BATCH', unit: 'items', what: 'suspensions ended in one transaction' },
    { file: 'libs/breach/incident.ts', name: 'PROCESSOR_TARGET_MS', unit: 'milliseconds', what: 'within which every controller is told of a breach of the gateway itself' },
    { file: 'libs/breach/incident.ts', name: 'PROCESSOR_ALARM_MS', unit: 'milliseconds', what: 'after which the operator has to say why it was not' },
    { file: 'libs/duties/kinds.ts', name: 'NOTICE_READ_WITHIN_MS', unit: 'milliseconds', what: 'how long each contact has to read of a breach before the next is told' },
    { file: 'libs/policy/breach-relay.ts', name: 'STATUTORY_HOURS', unit: 'hours', what: 'elapsed hours from awareness within which a controller tells the regulator' },
    { file: 'libs/breach/affected.ts', name: 'PASSED_ON_MOST', unit: 'items', what: 'times that something was passed on before a breach looks no further back for whose it was' },
    { file: 'libs/register/reports/activities.ts', name: 'MOST', unit: 'items', what: 'activities in one record of processing' },
    { file: 'libs/register/reports/audit-sample.ts', name: 'MOST_SAMPLED', unit: 'items', what: 'shares in one audit sample' },
    { file: 'libs/register/reports/statistics.ts', name: 'MOST_VALUES', unit: 'items', what: 'values in one table of figures' },
    { file: 'libs/exchange/one-sided.ts', name: 'BATCH', unit: 'items', what: 'controllers told in one transaction of what their recipients have not recorded' },
    { file: 'libs/exchange/upkeep.ts', name: 'BATCH', unit: 'items', what: 'rows of upkeep in one transaction' },
    { file: 'libs/exchange/upkeep.ts', name: 'REBUILD_AFTER_MS', unit: 'milliseconds', what: 'age at which a waiting transfer without a message gets a new one' },
  ],
  Webhooks: [
    { file: 'libs/exchange/pushes.ts', name: 'LEASE_MS', unit: 'milliseconds', what: 'how long an attempt is lent to a courier' },
    { file: 'libs/exchange/pushes.ts', name: 'PUSHES_AT_ONCE', unit: 'items', what: 'attempts of one courier under way at once', because: 'each holds a connection and at most 256 KB' },
    { file: 'libs/exchange/pushes.ts', name: 'TO_ONE', unit: 'items', what: 'of these to one endpoint' },
    { file: 'libs/exchange/webhooks.ts', name: 'REPLAYED', unit: 'items', what: 'pushes made again at one asking', because: 'who needs more asks again from the last of them on' },
    { file: 'libs/platform/egress.ts', name: 'EGRESS_TIMEOUT_MS', unit: 'milliseconds', what: 'one question to a server of somebody else’s' },
    { file: 'libs/platform/egress.ts', name: 'ANSWER_OCTETS', unit: 'octets', what: 'what is read of its answer' },
    { file: 'libs/queue/partner-topology.ts', name: 'MOST_WAITING', unit: 'items', what: 'messages on a partner’s own queue' },
    { file: 'libs/queue/partner-topology.ts', name: 'MOST_DEAD', unit: 'items', what: 'dead letters of it', because: 'enough to see what its consumer fails at; all of it lies in the mailbox' },
    { file: 'libs/queue/partner-topology.ts', name: 'DEAD_LETTER_MS', unit: 'milliseconds', what: 'how long a dead letter of it lies, and how much sooner than its payload a message ends', because: 'over a weekend, until somebody looks' },
    { file: 'libs/queue/partner-topology.ts', name: 'CONNECTIONS', unit: 'connections', what: 'of one partner to the broker' },
    { file: 'libs/queue/partner-topology.ts', name: 'LONGEST_NAME', unit: 'octets', what: 'common name of a certificate' },
    { file: 'libs/queue/partner-queues.ts', name: 'IDLE_MS', unit: 'milliseconds', what: 'nothing laid on a partner’s queue, after which the connection is closed', because: 'a connection costs a handshake to make and memory to keep' },
    { file: 'apps/courier/taking-up.ts', name: 'LOOK_MS', unit: 'milliseconds', what: 'pause between looks at what is due to be pushed or mailed, and at domains' },
  ],
  Relay: [
    { file: 'apps/relay/relay.ts', name: 'INTEGRATION_BATCH', unit: 'items', what: 'register entries integrated at once', because: 'a second’s worth of entries at full load, in one commit' },
    { file: 'apps/relay/gauges.ts', name: 'BEHIND_MS', unit: 'milliseconds', what: 'age of a waiting register entry that is an alarm' },
    { file: 'apps/relay/gauges.ts', name: 'SAID_AGAIN_MS', unit: 'milliseconds', what: 'pause until an alarm is said in the log again' },
  ],
  Mail: [
    { file: 'libs/breach/notice-mails.ts', name: 'AT_ONCE', unit: 'items', what: 'of these mails of one courier under way at once' },
    { file: 'libs/exchange/mailings.ts', name: 'MAIL_LEASE_MS', unit: 'milliseconds', what: 'how long an attempt is lent to a courier that says nothing' },
    { file: 'libs/exchange/mailings.ts', name: 'RENEW_MS', unit: 'milliseconds', what: 'pause after which it says that it goes on' },
    { file: 'libs/exchange/mailings.ts', name: 'MAILS_AT_ONCE', unit: 'items', what: 'mails of one courier under way at once' },
    { file: 'libs/exchange/mailings.ts', name: 'TO_ONE', unit: 'items', what: 'of these to one domain' },
    { file: 'libs/exchange/mailings.ts', name: 'LOOK_AGAIN_MS', unit: 'milliseconds', what: 'pause until a domain is looked at for which a mail was refused' },
    { file: 'libs/exchange/mailings.ts', name: 'LARGEST_PAYLOAD', unit: 'octets', what: 'sealed parts of one transfer by mail' },
    { file: 'libs/exchange/bounces.ts', name: 'MARK_OCTETS', unit: 'octets', what: 'mark of an address to which a host says that it could not deliver' },
    { file: 'libs/protocol/notification.ts', name: 'MOST_MONTHS', unit: 'months', what: 'longest time for which a schedule keeps a notification' },
    { file: 'libs/protocol/notification.ts', name: 'MOST_PURPOSES', unit: 'items', what: 'prohibited purposes that a draft excludes' },
    { file: 'libs/partnership/lists.ts', name: 'BATCH', unit: 'items', what: 'duties about lists opened in one transaction' },
    { file: 'libs/policy/lists.ts', name: 'LIST_REVIEW_MONTHS', unit: 'months', what: 'after which a list is looked through' },
    { file: 'libs/partnership/notification-ending.ts', name: 'BATCH', unit: 'items', what: 'recipients told in one transaction that a notification is over' },
    { file: 'libs/client/store.ts', name: 'PATIENCE_MS', unit: 'milliseconds', what: 'longest silence of the store to which a notification is deposited' },
    { file: 'libs/protocol/custody.ts', name: 'MOST_KEYS', unit: 'items', what: 'certificates of one contact that a key file is for' },
    { file: 'libs/protocol/matter.ts', name: 'MOST_ACTIONS', unit: 'items', what: 'actions of one audit report', because: 'more than anybody follows up is no list of actions' },
    { file: 'libs/protocol/membership.ts', name: 'MOST_COVERED', unit: 'items', what: 'codes that one attestation covers' },
    { file: 'libs/protocol/membership.ts', name: 'LONGEST_LINK', unit: 'items', what: 'characters of a link to a notice or a policy' },
    { file: 'libs/policy/attesting.ts', name: 'ATTESTED_AGAIN_MONTHS', unit: 'items', what: 'months after which something is attested again, where neither the agreement nor its kind says', because: 'the texts speak of reviews, and give no other time' },
    { file: 'libs/partnership/looking-after.ts', name: 'FIRST_ATTESTED_WITHIN_DAYS', unit: 'days', what: 'within which a new party attests all that is wanted of it', because: 'no text gives a time, and nobody has it all on the first day' },
    { file: 'libs/partnership/oversight.ts', name: 'OVERSIGHT_DAYS', unit: 'days', what: 'what an oversight digest is about, where nobody says', because: 'a quarter, as often as it is read' },
    { file: 'libs/exchange/withdrawn.ts', name: 'BATCH', unit: 'items', what: 'transfers given back at once when a party has left' },
    { file: 'libs/partnership/reviews.ts', name: 'REVIEW_TOLD_DAYS', unit: 'days', what: 'before its review is due, within which those who review an agreement are told' },
    { file: 'libs/partnership/lifecycle.ts', name: 'LATE_REVIEW_DAYS', unit: 'days', what: 'within which a review that is overdue, or raised by a change in the law, is to be done' },
    { file: 'libs/protocol/meeting.ts', name: 'MOST_ITEMS', unit: 'items', what: 'items of a meeting for which one person alone is there' },
    { file: 'libs/policy/custody.ts', name: 'FEWEST_CUSTODIANS', unit: 'items', what: 'people at least who can open the mailbox of a team' },
    { file: 'libs/directory/passes.ts', name: 'TAKEN_WITHIN_MS', unit: 'milliseconds', what: 'within which a page takes up a pass that was handed to it' },
    { file: 'libs/directory/passes.ts', name: 'PASS_LASTS_MS', unit: 'milliseconds', what: 'life of a pass' },
    { file: 'libs/directory/facts.ts', name: 'POSTURE_HOLDS_DAYS', unit: 'days', what: 'how long a mail domain counts as it was last found' },
    { file: 'libs/directory/domains.ts', name: 'LEASE_MS', unit: 'milliseconds', what: 'how long a look at a mail domain is lent to a courier' },
    { file: 'libs/directory/domains.ts', name: 'LOOKED_AT', unit: 'milliseconds', what: 'pause until a mail domain is looked at again' },
    { file: 'libs/mail/tls/reading.ts', name: 'LARGEST_REPORT', unit: 'octets', what: 'one report on TLS, as it comes' },
    { file: 'libs/mail/tls/reading.ts', name: 'LARGEST_UNPACKED', unit: 'octets', what: 'the same unpacked' },
    { file: 'libs/mail/tls/reading.ts', name: 'MOST_POLICIES', unit: 'items', what: 'policies in it' },
    { file: 'libs/mail/tls/reading.ts', name: 'MOST_FAILURES', unit: 'items', what: 'failures told under one of them', because: 'eleven kinds, at each of hundreds of hosts' },
    { file: 'libs/mail/tls/reading.ts', name: 'LONGEST_RANGE_MS', unit: 'milliseconds', what: 'time that it is about' },
    { file: 'libs/mail/tls/reading.ts', name: 'LONGEST_TEXT', unit: 'octets', what: 'one text in it', because: 'names of hosts and of reports are a quarter of it' },
    { file: 'libs/mail/tls/record.ts', name: 'MOST_PLACES', unit: 'items', what: 'places to which a report on TLS goes' },
    { file: 'libs/mail/tls/dkim.ts', name: 'LEAST_BITS', unit: 'bits', what: 'least RSA key that a report is signed with' },
    { file: 'libs/mail/tls/sessions.ts', name: 'ID_DIGITS', unit: 'items', what: 'digits that name a set of keys in DNS' },
    { file: 'libs/directory/tls-reports.ts', name: 'LEASE_MS', unit: 'milliseconds', what: 'how long a report on TLS is lent to a courier' },
    { file: 'libs/directory/tls-reports.ts', name: 'AFTER_DAY_MS', unit: 'milliseconds', what: 'pause between the end of a day and the report on it' },
    { file: 'libs/directory/tls-reports.ts', name: 'REPORT_AGAIN_MS', unit: 'milliseconds', what: 'pauses until a report on TLS that nobody took goes again' },
    { file: 'libs/directory/tls-reports.ts', name: 'KEPT_MS', unit: 'milliseconds', what: 'how long counts of TLS are kept' },
    { file: 'libs/directory/tls-heard.ts', name: 'MOST_A_DAY', unit: 'items', what: 'policies of others’ reports on TLS that are kept of one day' },
    { file: 'libs/directory/tls-heard.ts', name: 'HEARD_DAYS', unit: 'days', what: 'how long others’ reports on TLS are kept' },
    { file: 'libs/mail/incoming.ts', name: 'LARGEST_INCOMING', unit: 'octets', what: 'one mail that comes in' },
    { file: 'libs/mail/incoming.ts', name: 'DEEPEST', unit: 'levels', what: 'parts within parts of it' },
    { file: 'libs/mail/incoming.ts', name: 'LONGEST_HEADERS', unit: 'octets', what: 'its headers', because: 'a mail that went through twenty systems has a tenth of it' },
    { file: 'libs/mail/incoming.ts', name: 'MOST_RECIPIENTS', unit: 'items', what: 'recipients of which one report speaks' },
    { file: 'libs/mail/address.ts', name: 'LONGEST', unit: 'octets', what: 'one mail address and its parts' },
    { file: 'libs/mail/smtp/octets.ts', name: 'LONGEST_LINE', unit: 'octets', what: 'one line of a mail' },
    { file: 'libs/mail/smtp/connection.ts', name: 'LONGEST_CHAIN', unit: 'items', what: 'certificates that a mail host sends' },
    { file: 'libs/mail/smtp/octets.ts', name: 'LARGEST_MAIL', unit: 'octets', what: 'one mail' },
    { file: 'libs/mail/smtp/connection.ts', name: 'CONNECT_MS', unit: 'milliseconds', what: 'reaching a mail host, and again agreeing on TLS with it' },
    { file: 'libs/mail/smtp/connection.ts', name: 'REPLY_MS', unit: 'milliseconds', what: 'one reply of a mail host' },
    { file: 'libs/mail/smtp/connection.ts', name: 'GOODBYE_MS', unit: 'milliseconds', what: 'wait for a mail host to hang up' },
    { file: 'libs/mail/delivery.ts', name: 'FINAL_REPLY_MS', unit: 'milliseconds', what: 'its reply to a whole message' },
    { file: 'libs/mail/delivery.ts', name: 'MOST_ADDRESSES', unit: 'items', what: 'addresses of one mail host that are tried', because: 'a host whose first two do not answer is tried again later' },
    { file: 'libs/mail/smtp/replies.ts', name: 'LONGEST_LINE', unit: 'octets', what: 'one line of a mail host’s reply' },
    { file: 'libs/mail/smtp/replies.ts', name: 'MOST_LINES', unit: 'items', what: 'lines of one reply' },
    { file: 'libs/mail/requirement.ts', name: 'MOST_HOSTS', unit: 'items', what: 'mail hosts of one domain' },
    { file: 'libs/mail/sts.ts', name: 'LONGEST_AGE_S', unit: 'seconds', what: 'how long a domain’s policy may say that it holds' },
    { file: 'libs/mail/sts.ts', name: 'LONGEST_POLICY', unit: 'octets', what: 'one policy' },
    { file: 'libs/mail/sts.ts', name: 'MOST_PATTERNS', unit: 'items', what: 'hosts that a policy names' },
    { file: 'libs/mail/domain.ts', name: 'POLICY_FRESH_MS', unit: 'milliseconds', what: 'age at which a policy that holds is fetched anew' },
    { file: 'libs/mail/resolver.ts', name: 'DNS_TIMEOUT_MS', unit: 'milliseconds', what: 'one question to the resolver' },
    { file: 'libs/mail/resolver.ts', name: 'DNS_TRIES', unit: 'items', what: 'times that it is asked', because: 'datagrams are lost' },
    { file: 'libs/mail/resolver.ts', name: 'DATAGRAM_OCTETS', unit: 'octets', what: 'its answer by datagram' },
  ],
  Policy: [
    { file: 'libs/policy/conditions/header.ts', name: 'HISTORICAL_AFTER_MONTHS', unit: 'months', what: 'age from which a part says why it is told, where an agreement asks that and gives no age' },
    { file: 'libs/policy/conditions/record.ts', name: 'SUMMER_TIME_MS', unit: 'milliseconds', what: 'how much older than the day of a part the decision on it may look' },
  ],
  Register: [
    { file: 'libs/register/entry.ts', name: 'LARGEST_ENTRY', unit: 'octets', what: 'one entry' },
    { file: 'libs/register/promise.ts', name: 'INTEGRATION_LIMIT_S', unit: 'seconds', what: 'time within which an entry is promised its place' },
    { file: 'libs/register/integration.ts', name: 'MOST_LOGS', unit: 'items', what: 'logs in one batch' },
    { file: 'libs/register/note.ts', name: 'MOST_SIGNATURES', unit: 'items', what: 'signatures under one checkpoint' },
    { file: 'libs/register/note.ts', name: 'LONGEST', unit: 'octets', what: 'one checkpoint with its signatures', because: 'room for as many signatures as are allowed, each post-quantum' },
    { file: 'libs/register/export.ts', name: 'LONGEST_LINE', unit: 'octets', what: 'one line of an export' },
    { file: 'libs/register/log-check.ts', name: 'MOST_FINDINGS', unit: 'items', what: 'findings told of one export' },
    { file: 'libs/register/export-verification.ts', name: 'TOLERANCE_MS', unit: 'milliseconds', what: 'disorder of recorded times that is no finding' },
  ],
  Envelope: [
    { file: 'libs/envelope/stalling.ts', name: 'STALL_MS', unit: 'milliseconds', what: 'opening that stands still, after which it is given up' },
    { file: 'libs/envelope/certificates.ts', name: 'LARGEST', unit: 'octets', what: 'one certificate', because: 'a key with years of subkeys is a tenth of it' },
    { file: 'libs/envelope/keys/shape.ts', name: 'MOST_PACKETS', unit: 'items', what: 'packets of one certificate' },
    { file: 'libs/envelope/keys/strength.ts', name: 'RSA_BITS', unit: 'bits', what: 'least RSA key' },
    { file: 'libs/envelope/keys/verification.ts', name: 'AHEAD_MS', unit: 'milliseconds', what: 'how far ahead a signature may be dated' },
    { file: 'libs/envelope/key-statement.ts', name: 'LARGEST', unit: 'octets', what: 'one key statement', because: 'six members of codes, fingerprint and days are a few hundred octets' },
    { file: 'libs/envelope/signatures.ts', name: 'LARGEST', unit: 'octets', what: 'one detached signature', because: 'RSA with 4,096 bits and its subpackets, armored, is under 2 KB' },
    { file: 'libs/envelope/packets/walk.ts', name: 'LARGEST_WRAPPED_KEY', unit: 'octets', what: 'one wrapped session key' },
    { file: 'libs/envelope/der/reader.ts', name: 'MOST_LENGTH_OCTETS', unit: 'octets', what: 'the length of one element of CMS or X.509' },
    { file: 'libs/envelope/der/reader.ts', name: 'DEEPEST', unit: 'levels', what: 'nesting of CMS and X.509' },
    { file: 'libs/envelope/cms/head.ts', name: 'LARGEST_RECIPIENT', unit: 'octets', what: 'one recipient’s entry of a CMS part' },
    { file: 'libs/envelope/cms/head.ts', name: 'LARGEST_LABEL', unit: 'octets', what: 'one content type or algorithm of a CMS part' },
    { file: 'libs/envelope/cms/names.ts', name: 'MOST_SKI_OCTETS', unit: 'octets', what: 'one key identifier', because: 'SHA-512 is the longest that anybody takes for it' },
    { file: 'libs/envelope/cms/recipient.ts', name: 'MOST_SHARED_OCTETS', unit: 'octets', what: 'what a sender adds to a key agreement, in clear' },
    { file: 'libs/envelope/smime-certificates.ts', name: 'LARGEST', unit: 'octets', what: 'one X.509 certificate', because: 'one with a key of 4,096 bits and all its extensions is some 3 KB' },
    { file: 'libs/envelope/x509/path.ts', name: 'LONGEST_PATH', unit: 'items', what: 'authorities between a signer and a pinned one' },
    { file: 'libs/envelope/x509/path.ts', name: 'MOST_CERTIFICATES', unit: 'items', what: 'certificates that come with a CMS signature' },
    { file: 'libs/envelope/container.ts', name: 'LARGEST', unit: 'octets', what: 'one password-protected container' },
    { file: 'libs/client/pdf-sealing.ts', name: 'QPDF_MS', unit: 'milliseconds', what: 'sealing one PDF, at its sender’s' },
    { file: 'libs/envelope/container/pdf.ts', name: 'MOST_OBJECTS', unit: 'items', what: 'objects in clear of a sealed PDF' },
    { file: 'libs/envelope/container/pdf-objects.ts', name: 'DEEPEST', unit: 'levels', what: 'dictionaries within dictionaries of it' },
    { file: 'libs/envelope/container/pdf-objects.ts', name: 'MOST_VALUES', unit: 'items', what: 'values of one such object' },
    { file: 'libs/envelope/container/pdf-key.ts', name: 'MOST_ROUNDS', unit: 'items', what: 'rounds of the hash by which it is tried with no passphrase' },
    { file: 'libs/envelope/container.ts', name: 'MOST_FILES', unit: 'items', what: 'files in one container' },
    { file: 'libs/envelope/passphrase.ts', name: 'WORDS', unit: 'items', what: 'words of a passphrase' },
    { file: 'libs/envelope/provenance.ts', name: 'LONGEST', unit: 'octets', what: 'one provenance', because: 'it travels as a header, and servers take 8 KB of headers' },
    { file: 'libs/envelope/provenance.ts', name: 'MOST_LISTED', unit: 'items', what: 'digests listed one by one in a provenance' },
    { file: 'libs/envelope/provenance/shape.ts', name: 'MOST_TEXT', unit: 'octets', what: 'one claim of a provenance', because: 'codes, ids and origins are shorter' },
    { file: 'libs/envelope/authority-keys.ts', name: 'RSA_BITS', unit: 'bits', what: 'TLS keys that are issued' },
    { file: 'libs/envelope/authority.ts', name: 'CLOCK_TOLERANCE_MS', unit: 'milliseconds', what: 'how far back a certificate is dated' },
  ],
  'Platform, directory and edge': [
    { file: 'libs/platform/database.ts', name: 'POOL_SIZE', unit: 'connections', what: 'to the database' },
    { file: 'libs/platform/database.ts', name: 'LOCK_TIMEOUT_MS', unit: 'milliseconds', what: 'one wait for a lock' },
    { file: 'libs/platform/throttle.ts', name: 'MOST', unit: 'items', what: 'callers counted at once' },
    { file: 'libs/platform/throttle.ts', name: 'PATIENCE_MS', unit: 'milliseconds', what: 'longest wait for the count before', because: 'shorter than anybody notices' },
    { file: 'libs/directory/directory.ts', name: 'CLIENTS_ASKED', unit: 'items', what: 'callers looked up at once' },
    { file: 'libs/directory/directory.ts', name: 'CLIENTS_PATIENCE_MS', unit: 'milliseconds', what: 'longest wait for the look before', because: 'shorter than anybody notices' },
    { file: 'libs/directory/known-facts.ts', name: 'MOST_KEPT', unit: 'items', what: 'agencies kept in memory' },
    { file: 'apps/gateway/gateway.ts', name: 'PER_SECOND', unit: 'items', what: 'requests a second of one agency, over all gateways' },
    { file: 'apps/gateway/gateway.ts', name: 'BURST_S', unit: 'seconds', what: 'requests at once, as seconds of them' },
    { file: 'apps/gateway/gateway.ts', name: 'TIMEOUTS_CHECKED_MS', unit: 'milliseconds', what: 'how exactly a time limit on a connection is kept' },
    { file: 'apps/gateway/submissions.ts', name: 'LARGE', unit: 'octets', what: 'upload that is looked up before it is taken' },
    { file: 'libs/platform/database.ts', name: 'STATEMENT_TIMEOUT_MS', unit: 'milliseconds', what: 'one statement' },
    { file: 'libs/platform/embedded-postgres.ts', name: 'START_TIMEOUT_MS', unit: 'milliseconds', what: 'start of the embedded PostgreSQL' },
    { file: 'libs/platform/migrate.ts', name: 'PARTITION_MONTHS', unit: 'months', what: 'register partitions prepared' },
    { file: 'libs/envelope/rewrapping.ts', name: 'REWRAP_HEAD_OCTETS', unit: 'octets', what: 'of a sealed backup that is read to wrap its key anew' },
    { file: 'libs/rights/register-keeping.ts', name: 'LIMITATION_MONTHS', unit: 'months', what: 'register entries kept at least, where no rule says otherwise' },
    { file: 'apps/cli/operator/disposal.ts', name: 'MOST_MONTHS', unit: 'months', what: 'longest that a controller has its entries kept' },
    { file: 'libs/platform/health.ts', name: 'PATIENCE_MS', unit: 'milliseconds', what: 'wait for what a ready process needs' },
    { file: 'libs/platform/log-pipe.ts', name: 'MOST_WAITING', unit: 'octets', what: 'log lines that wait to be written' },
    { file: 'libs/platform/process.ts', name: 'LAST_WORDS_MS', unit: 'milliseconds', what: 'wait for the last log lines at an end' },
    { file: 'apps/gateway/submissions.ts', name: 'LONGEST_ID', unit: 'octets', what: 'id of an upload in a form' },
    { file: 'apps/gateway/problem.filter.ts', name: 'RETRY_AFTER_S', unit: 'seconds', what: 'what Retry-After says when nothing was decided' },
    { file: 'libs/directory/directory.ts', name: 'CACHE_SIZE', unit: 'items', what: 'parsed certificates kept in memory', because: 'a partnership several times over; parsing one takes a third of a millisecond' },
  ],
  Console: [
    { file: 'libs/client/writing.ts', name: 'MOST_PLACES', unit: 'items', what: 'faults of a description that are told at once', because: 'more nobody reads at once' },
    { file: 'libs/inbox/sent.ts', name: 'SENT_KEPT_DAYS', unit: 'days', what: 'how long what was sent stands on the list of it', because: 'a case that is open; what is older stands in the register' },
    { file: 'libs/inbox/item.ts', name: 'LOOK_WITHIN_MS', unit: 'milliseconds', what: 'time left of what came in, on the list of a front door' },
    { file: 'libs/inbox/inbox.ts', name: 'COUNTED_EVERY_MS', unit: 'milliseconds', what: 'pause between two counts of what a team has open' },
    { file: 'libs/inbox/inbox.ts', name: 'MOST_COUNTED', unit: 'items', what: 'teams whose count is kept in memory', because: 'all of an installation; a count is a hundred octets' },
    { file: 'libs/inbox/access.ts', name: 'STATEMENT_HOLDS_DAYS', unit: 'days', what: 'how long a statement of responsibilities holds' },
    { file: 'libs/inbox/unusual.ts', name: 'MOST_LOOKS_UNTAKEN', unit: 'items', what: 'items looked at for the first time within an hour, none of which was taken on, before the data protection officer is told' },
    { file: 'libs/inbox/unusual.ts', name: 'MOST_LOOKS', unit: 'items', what: 'the same, whatever was taken on' },
    { file: 'libs/inbox/unusual.ts', name: 'WITHIN_MS', unit: 'milliseconds', what: 'the time in which looks are counted', because: 'a colleague who sorts what came in over night does it in one go' },
    { file: 'libs/requests/refusals.ts', name: 'MOST_REFUSALS', unit: 'items', what: 'refusals on one list' },
    { file: 'libs/requests/disputes.ts', name: 'MOST_DISPUTES', unit: 'items', what: 'disputes on one list' },
    { file: 'libs/breach/figures.ts', name: 'MOST_COMING', unit: 'items', what: 'entries of the calendar of data breaches' },
    { file: 'apps/console/breaches-shown.ts', name: 'SOON_HOURS', unit: 'hours', what: 'left of the 72 from which on telling the regulator is due soon' },
    { file: 'libs/inbox/own-duties.ts', name: 'MOST_DUTIES', unit: 'items', what: 'duties on one list' },
    { file: 'apps/console/open.controller.ts', name: 'DRAWERS', unit: 'items', what: 'drawers in which addresses of sign-ins are counted' },
  ],
  Client: [
    { file: 'libs/client/drafting.ts', name: 'LARGEST_SMIME', unit: 'octets', what: 'one part sealed with S/MIME by command or SDK: it is sealed and opened in memory' },
    { file: 'libs/client/drafting.ts', name: 'SEALING_OVERHEAD', unit: 'octets', what: 'room that the client leaves in a part for what sealing adds' },
    { file: 'libs/client/mailbox.ts', name: 'LARGEST_HELD', unit: 'octets', what: 'one part opened to stdout' },
    { file: 'libs/client/submitting.ts', name: 'UPLOADED_FROM', unit: 'octets', what: 'sealed size from which a part is uploaded resumably' },
    { file: 'libs/client/times.ts', name: 'GO_ON_AFTER', unit: 'milliseconds', what: 'pause before a part that broke off is gone on with' },
    { file: 'libs/client/connection.ts', name: 'LARGEST_ANSWER', unit: 'octets', what: 'one answer that is not a part' },
    { file: 'libs/client/writing.ts', name: 'MOST_PLACES', unit: 'items', what: 'places of a description that one refusal names' },
    { file: 'libs/client/problem.ts', name: 'LARGEST', unit: 'octets', what: 'one problem', because: 'a hundred reasons are a tenth of it' },
    { file: 'libs/client/writing.ts', name: 'MOST_PLACES', unit: 'items', what: 'places told of what is written wrongly' },
    { file: 'libs/client/times.ts', name: 'TRY_AGAIN_AFTER', unit: 'milliseconds', what: 'pause before each further try' },
  ],
};

/** A constant of one of these names is a limit: not one may stand outside the table. */
const LIMITING = /(_MS|_S|_LIMIT|^BATCH|_BATCH|^ATTEMPTS|^HANDS)$|^(LARGEST|LONGEST|MOST)(_|$)/;
/** Sizes of a format, which nobody can set: RFC 9580. */
const OF_A_FORMAT = new Set(['libs/envelope/packets/sealed-data.ts LARGEST_CHUNK_OCTET', 'libs/register/entry-fields.ts MOST']);

/** Limits in the sources that the table does not know, as `file NAME`. */
export function unlisted(): string[] {
  const listed = new Set(Object.values(ELSEWHERE).flat().map(({ file, name }) => `${file} ${name}`));
  return globSync(['libs/**/*.ts', 'apps/{gateway,courier,relay,console}/**/*.ts'], { exclude: ['**/*.spec.ts'] }).sort().flatMap((file) =>
    [...constantsOf(file)].filter(([name, { value }]) => value !== undefined && LIMITING.test(name)).map(([name]) => `${file} ${name}`))
    .filter((name) => !listed.has(name) && !OF_A_FORMAT.has(name));
}

const TOLD_LANES = ['breach', 'emergency', 'priority', 'urgent', 'routine'] as const;

/** @throws Error when a constant that the table names is gone, or has no reason anywhere */
export function describeLimits(): string {
  return document(
    '# Limits, timeouts and sizes',
    'Written by `npm run generate` from the places where they stand; never edited by hand.',
    '## The wire',
    'Two independent implementers must do these alike. They stand in `libs/protocol/limits.ts`.',
    table(['Limit', 'Value', 'Because'], Object.entries(LIMITS).map(([name, { value, unit, because }]) => [code(name), amount(value, unit), because])),
    '## The console',
    'What staff meet. They stand in `apps/console/limits.ts`.',
    table(['Limit', 'Value', 'Because'], Object.entries(CONSOLE_LIMITS).map(([name, { value, unit, because }]) => [code(name), amount(value, unit), because])),
    '## The reader',
    'What somebody meets who reads or writes in a browser. They stand in `apps/reader/limits.ts`.',
    table(['Limit', 'Value', 'Because'], Object.entries(READER_LIMITS).map(([name, { value, unit, because }]) => [code(name), amount(value, unit), because])),
    '## Reminders',
    'After how long who is told of what, by lane. Where a post is named, that post of the same agency has it from then on; where none is, whoever has it is reminded. Unless it is due by a clock of its own, the last step is when it is due. An agreement may say otherwise for routine shares.',
    table(['Duty', 'Whose at first', 'Says', 'Breach', 'Emergency', 'Priority', 'Urgent', 'Routine'], Object.entries(DUTIES).map(([kind, { role, says, steps }]) =>
      [code(kind), role === 'owner' ? 'the contact that it is about' : POSTS[role].says, says, ...TOLD_LANES.map((lane) => steps[lane].map(stepTold).join(', '))])),
    '## Tried again',
    'When what failed for now is tried again, by lane; after the last it is given up. Mail that is given up is undeliverable, and its sender is told; a webhook tells of what lies in the mailbox as before.',
    table(['What', 'Counted from', 'Breach', 'Emergency', 'Priority', 'Urgent', 'Routine'], [
      ['mail', 'the first attempt', ...TOLD_LANES.map((lane) => `${amount(RETRIES[lane].after, 'milliseconds')}, then every ${amount(RETRIES[lane].thenEvery, 'milliseconds')}, for ${amount(RETRIES[lane].givenUpAfter, 'milliseconds')}`)],
      ['webhook', 'the attempt before', ...TOLD_LANES.map((lane) => amount(PUSH_AGAIN[lane], 'milliseconds'))],
    ]),
    '## Each room’s own',
    ...Object.entries(ELSEWHERE).flatMap(([room, limits]) => [`### ${room}`, table(['Limit', 'Value', 'Because', 'Stands in'], limits.map(row))]),
  );
}

const stepTold = ({ ms, of, tells }: Step): string =>
  `${amount(Math.abs(ms), 'milliseconds')}${of === 'due' ? (ms < 0 ? ' before it is due' : ' after it was due') : ''}${tells === 'owner' ? '' : `: ${code(tells)}`}`;

function row({ file, name, unit, what, because }: Elsewhere): string[] {
  const { value, says } = constantsOf(file).get(name) ?? ({ value: undefined, says: '' } satisfies Constant);
  if (value === undefined) throw new Error(`${file} has no number ${name}: correct the table in limits.ts`);
  const reason = because ?? says;
  if (reason === '') throw new Error(`${name} in ${file} has no reason: write one above it`);
  return [what, amount(value, unit), reason, `${code(name)} in ${code(file)}`];
}

function amount(value: Quantity, unit: Unit): string {
  if (typeof value === 'number') return one(value, unit);
  if (Array.isArray(value)) return value.map((each: number) => one(each, unit)).join(', ');
  return Object.entries(value).map(([name, each]) => `${name} ${one(each as number, unit)}`).join(', ');
}

const SCALES: Partial<Record<Unit, readonly (readonly [number, string])[]>> = {
  octets: [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']],
  milliseconds: [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1_000, 's'], [1, 'ms']],
  seconds: [[3_600, 'h'], [60, 'min'], [1, 's']],
};

/** The largest scale of which it is a whole multiple. */
function one(value: number, unit: Unit): string {
  const [size, name] = SCALES[unit]?.find(([size]) => value >= size && value % size === 0) ?? [1, unit === 'items' ? '' : unit];
  return `${(value / size).toLocaleString('en-GB')} ${name}`.trim();
}
