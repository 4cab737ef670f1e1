/** BR-15, RT-15: while a case holds what it is about as evidence, nothing of it is removed. Of a transfer `t`. */
export const KEPT_AS_EVIDENCE = `exists (select from waybill.breach_share e join waybill.breach b on b.id = e.breach where e.share = t.share and e.agency = t.sender and b.held_since is not null)`;
