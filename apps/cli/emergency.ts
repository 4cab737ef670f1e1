import type { EmergencyTold } from '#protocol/answers';
import type { Io } from './io';

/** A person before a process: said first and whatever else happens, also when the gateway doesn't answer. */
export function emergency(frontDoors: EmergencyTold['frontDoors']): EmergencyTold {
  return { says: 'If someone is in immediate danger ring 999. Then ring the front door. Do not wait for this to be read.', ring: '999', frontDoors };
}

export function sayEmergency(io: Io, told: EmergencyTold): void {
  const doors = told.frontDoors.map(({ agency, contact, telephone }) => `  ${telephone}  ${agency}/${contact}\n`).join('');
  io.err(`\nEMERGENCY  Ring ${told.ring}.\n${told.says}\n${doors === '' ? '  (front door: the number that your agency has for it)\n' : doors}\n`);
}
