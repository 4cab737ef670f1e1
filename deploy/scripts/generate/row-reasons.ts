/**
 * Every policy that names neither the asking agency nor its controller, as `table.policy`, with the reason why it must reach further.
 * A new one without a reason here fails `test/architecture/database.spec.ts`; so does a reason whose policy is gone.
 */
export const ACROSS_CONTROLLERS: Readonly<Record<string, string>> = {
  'checkpoint.integrated': 'the relay publishes the checkpoint of every log; a checkpoint is a size and a root, and says nothing of an entry',
  'chunk.delivering': 'the courier carries every transfer out; what it reads is sealed, and it holds no key',
  'chunk.own_copy': 'shows the parts to which wrapped_key, under its own policy, shows the asker a key: whoever has no copy of a part sees none of its octets',
  'chunk.removed': 'the relay removes sealed octets at the end of their time, whosever they are',
  'duty.delivering': 'the courier opens and closes duties of either side as it delivers',
  'duty.due': 'the relay reminds whoever is due to be; a duty is codes, ids and instants',
  'duty.opened': 'what one side does can fall due to the other: a return that says `cannot-open` opens a duty of the sender',
  'entry.recorded': 'both sides record in one commit, each in its own register; nobody reads another’s, for reading has a policy of its own',
  'event.happened': 'both sides see what happens to a transfer, whoever makes it happen; reading has a policy of its own',
  'idempotency.expired': 'the relay forgets keys past their thirty days',
  'leaf.integrated': 'the relay puts every log in order by leaf hashes, which are salted; it has no right to an entry’s octets',
  'line.delivering': 'the courier carries a recipient’s lines out with its envelope: salted codes, never words',
  'line.removed': 'the relay removes the lines of ended transfers',
  'log.opened': 'the registrar opens the log of a controller at enrolment',
  'log.sequenced': 'the relay counts every log’s leaves',
  'malformed_upload.counted': 'the relay turns counts of malformed uploads into entries of each sender’s register',
  'node.integrated': 'the relay keeps the roots of complete subtrees of every log: hashes only',
  'outbox.delivering': 'the courier takes what is due, whosever it is',
  'outbox.due': 'the relay rebuilds a queue that was emptied, and takes away what has expired',
  'part.delivering': 'the courier carries every transfer out; digest and size of a sealed part',
  'part.own_copy': 'shows the parts to which wrapped_key, under its own policy, shows the asker a key',
  'part.removed': 'the relay removes parts to which no key is left',
  'pending_leaf.recorded': 'written with the entry, in the same commit, for as many controllers',
  'pending_leaf.unsequenced': 'the relay takes the leaf hashes of all logs that wait for their place; hashes are salted',
  'sealed_digest.seen_before': 'a sealed part seen from one agency must be refused from another: a digest tells only that it went through, and from whom',
  'share.delivering': 'the courier needs manifest and signature for the envelope; both are made for every recipient to read',
  'transfer.delivering': 'the courier moves every transfer from queue to mailbox',
  'transfer.due': 'the relay expires, reminds and removes by the clock, whosever the transfer is',
  'wrapped_key.delivering': 'the courier puts a recipient’s wrapped keys into its envelope; they open nothing without the recipient’s own key',
  'wrapped_key.removed': 'the relay removes the wrapped keys of ended transfers',
};

/** Tables of the schema without forced row security, with the reason. A name ending in `*` stands for the partitions of a table. */
export const WITHOUT_ROW_SECURITY: Readonly<Record<string, string>> = {
  'entry_*': 'partitions of entry: no process role has any right to them, rows are reached through entry alone, whose policies hold',
  agency: 'the directory is one for all partners: organisations, posts and keys, never a person at risk; only the registrar writes',
  agreement_version: 'which versions of which agreements were loaded, for all to read',
  certificate: 'public keys with the co-ordinator’s statements, for all partners to seal to and verify with; only the registrar writes',
  certificate_key: 'which key ID is of which public certificate: unique across the directory, so that an addressee is one contact’s or nobody’s',
  client_certificate: 'looked up before it is known who asks; public keys only',
  contact: 'the directory is one for all partners: posts and desks with their numbers; only the registrar writes',
  controller_name: 'names of controllers, for all partners to read; only the registrar writes',
  coordinator_key: 'public keys of the co-ordinator: a hint to all, trusted by who pinned them',
  membership: 'who is a party to what: every decision rests on it; only the registrar writes',
};
