import type { Agreement } from '../agreement';
import type { KeyStanding } from '../parties';
import type { ChannelCode, TlsVersion } from '../vocabulary/channels';
import type { OrgType } from '../vocabulary/organisations';

/** A mail domain as it was last found. */
export interface MailDomain {
  /** What each of its hosts takes, with a proof that it is the domain's. */
  tls: TlsVersion;
  /** What was found is too old, or no longer holds: it is no secure domain until it is looked at again. */
  lapsed?: boolean;
  /** Nobody has looked at it lately, so that nothing is known of it: no more that it holds TLS than that it holds none. */
  unseen?: true;
  /** One of government secure email. */
  government?: boolean;
}

/** What one end of a share has, as the co-ordinator has verified it. */
export interface End {
  /** Collects from a mailbox here, with a client of its own or in the console. */
  mailbox?: boolean;
  keys?: { openpgp?: KeyStanding; smime?: KeyStanding };
  domain?: MailDomain;
  /** Belongs to an encrypted email service that is recorded for the agreement. */
  service?: boolean;
  /** It has a key of its own, or nobody entered that it is written to: no container is made for it. */
  contained?: false;
  /** Ways that were recorded for it, for a kind of party that takes no others (CH-06). What it has enrolled for here needs no record. */
  registered?: readonly ChannelCode[];
  types?: readonly OrgType[];
}

export interface ChannelQuestion {
  agreement: Agreement;
  /** Other agreements to which both are parties: none of them may be stricter (PD-18). */
  inCommon?: readonly Agreement[];
  from: End;
  to: End;
  /** Whether a part is of a category that is, or may be, special category or offence data. */
  sensitive: boolean;
  emergency?: boolean;
  /** Ways that are looked at; absent: all. */
  offered?: readonly ChannelCode[];
  /** Ways that are not taken here, and that come before a last resort all the same: what the sender has to go them itself. */
  beside?: { channels: readonly ChannelCode[]; from: End };
  /** What the sender asks for in place of the strongest; `reason`: a code. `approver`: the role of a second person (CH-12). */
  asked?: { channel: ChannelCode; reason?: string; approver?: string };
  /** The originator agreed in writing that this one share may go another way than the agreement admits, where none stands that it admits (CH-11). */
  deviation?: { channel: ChannelCode };
}
