/** Of this software, as in package.json; a test holds the two together. */
export const VERSION = '0.1.0';

/** The wire. Both sides of a connection must name one in common. */
export const WIRE_FORMATS = ['waybill-manifest/1', 'waybill-statement/1', 'waybill-not-shared/1', 'waybill-disclosure/1'] as const;
