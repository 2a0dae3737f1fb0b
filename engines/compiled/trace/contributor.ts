export { currentContributor, withContributor } from '../../../core/attribution/contributor.js';
