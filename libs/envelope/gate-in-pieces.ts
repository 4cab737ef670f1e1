import type { PartProblem } from './cms-codes';
import { CmsWalk, type CmsWalkState } from './cms/walk';
import type { GateOptions } from './gate';
import { PacketWalk, type WalkState } from './packets/walk';
import { copyHead, isDer } from './parts';

type State = WalkState | CmsWalkState;

/**
 * The gate for a part that comes over several connections, perhaps through several processes: it looks at each octet once, and its state
 * can be kept. (To feed it again what came before would cost a gigabyte of reading for each octet that is added.) Takes binary messages of
 * either form.
 */
export class GateInPieces {
  private constructor(private readonly limits: Omit<GateOptions, 'sink'>, private walk?: PacketWalk | CmsWalk) {}

  static begun(limits: Omit<GateOptions, 'sink'>): GateInPieces {
    return new GateInPieces(limits);
  }

  /** As it was when `state` was taken. */
  static resumed(limits: Omit<GateOptions, 'sink'>, state: string): GateInPieces {
    const walked = JSON.parse(state) as State;
    return new GateInPieces(limits, 'form' in walked ? CmsWalk.resumed(limits, walked) : PacketWalk.resumed(limits, walked));
  }

  /** Gives those of these octets that every copy has alike: all that may be kept. A problem is final. */
  push(octets: Uint8Array): { sealed?: Uint8Array; problem?: PartProblem } {
    if (octets.length === 0) return {};
    this.walk ??= isDer(octets) ? new CmsWalk(this.limits) : new PacketWalk(this.limits);
    return this.walk.push(octets);
  }

  /** Undefined until the encrypted data has begun: what came before it is not known to be sealed, and may not be kept. */
  get state(): string | undefined {
    const state = this.walk?.state();
    return state && JSON.stringify(state);
  }

  /** Whether the message may end here. */
  get complete(): boolean {
    return this.walk !== undefined && this.walk.end() === undefined;
  }

  /** All wrapped keys, each as the sender framed it: with what may be kept behind them they are a message. */
  static head(state: string): Uint8Array {
    const walked = JSON.parse(state) as State;
    const addressees = walked.addressees.map((addressee) => ({ ...addressee, packet: Buffer.from(addressee.packet, 'base64') }));
    return copyHead('form' in walked ? walked : { form: 'openpgp' }, addressees);
  }
}
