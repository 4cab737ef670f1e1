// Marks that scripts run, and starts what GOV.UK's components do with them.
import { initAll } from './govuk.js';

document.body.classList.add('js-enabled', 'govuk-frontend-supported');
initAll();
