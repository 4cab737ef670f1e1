import type { Agreement } from '#policy/agreement';
import type { KeyObject } from 'node:crypto';
import { originOf } from '#register/checkpoint';
import { vkeyOf } from '#register/vkey';
import type { Clock } from '#platform/clock';
import type { Throttle } from '#platform/throttle';
import type { PublishedKey } from '#envelope/signing-keys';

/** The clock, as something that Nest can hand out. */
export class GatewayClock implements Clock {
  constructor(private readonly clock: Clock) {}
  now(): Date {
    return this.clock.now();
  }
}

/** Our origin as partners write it, as something that Nest can hand out. */
export class GatewayOrigin {
  constructor(readonly value: string) {}
}

/** Agreements in force at this gateway, by id. */
export class Agreements extends Map<string, Agreement> {}

/** Public keys with their windows, retired ones too. */
export class PublishedKeys {
  constructor(readonly keys: readonly PublishedKey[]) {}
}

/** The keys under which the relay signs checkpoints, in the form that a verifier pins. */
export class LogKeys {
  constructor(private readonly host: string, private readonly keys: readonly KeyObject[]) {}

  of(controller: string): string[] {
    return this.keys.map((key) => vkeyOf(originOf(this.host, controller), key));
  }
}

/** What an agency may ask for: shares apart from all else, so that whoever looks into its mailbox too often can still send. */
export class Allowances {
  constructor(private readonly shares: Throttle, private readonly others: Throttle) {}

  of(method: string, route: string | undefined): Throttle {
    return method === 'POST' && (route === '/v1/shares' || route === '/v1/requests') ? this.shares : this.others;
  }
}

/** Public keys (SHA-256, lower hex) by which the console is known: it asks with passes of staff, and for nobody without one. */
export class ConsoleKeys extends Set<string> {}
