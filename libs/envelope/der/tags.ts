export const CONSTRUCTED = 0x20;

/** Identifier octets of the types that CMS and X.509 use here (X.690, 8.1.2), in the one form that DER gives each. */
export const TYPE = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, null: 0x05, oid: 0x06, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, set: 0x31,
} as const;

/** A context-specific tag: `[n]`, around others or with contents of its own. */
export const around = (number: number): number => 0x80 | CONSTRUCTED | number;
export const plain = (number: number): number => 0x80 | number;
