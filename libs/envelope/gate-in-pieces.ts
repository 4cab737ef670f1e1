import type { GateProblem } from './codes';
import type { GateOptions } from './gate';
import { PacketWalk, type WalkState } from './packets/walk';

/**
 * The gate for a part that comes over several connections, perhaps through several processes: it looks at each octet once, and its state
 * can be kept. (To feed it again what came before would cost a gigabyte of reading for each octet that is added.) Takes binary messages only.
 */
export class GateInPieces {
  private constructor(private readonly walk: PacketWalk) {}

  static begun(limits: Omit<GateOptions, 'sink'>): GateInPieces {
    return new GateInPieces(new PacketWalk(limits));
  }

  /** As it was when `state` was taken. */
  static resumed(limits: Omit<GateOptions, 'sink'>, state: string): GateInPieces {
    return new GateInPieces(PacketWalk.resumed(limits, JSON.parse(state) as WalkState));
  }

  /** Gives the octets of the encrypted-data packet among these: all that may be kept. A problem is final. */
  push(octets: Uint8Array): { sealed?: Uint8Array; problem?: GateProblem } {
    return this.walk.push(octets);
  }

  /** Undefined until the encrypted data has begun: what came before it is not known to be sealed, and may not be kept. */
  get state(): string | undefined {
    const state = this.walk.state();
    return state && JSON.stringify(state);
  }

  /** Whether the message may end here. */
  get complete(): boolean {
    return this.walk.end() === undefined;
  }

  /** The wrapped keys, each as the sender framed it: with the encrypted data behind them they are a message. */
  static wrappedKeys(state: string): Uint8Array[] {
    return (JSON.parse(state) as WalkState).addressees.map(({ packet }) => Buffer.from(packet, 'base64'));
  }
}
