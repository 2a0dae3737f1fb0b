export { currentContributor, withContributor } from '../../../contributors/contributor.js';
