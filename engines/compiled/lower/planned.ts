import type { Node } from '../ir/types.js';
import type { Chain } from '../passes/chains.js';
import type { UpdatePlan } from './update-plan.js';

/** What is decided about a recording before the first of its nodes is lowered. */
export interface Plan {
  /** How often each live node is used. */
  readonly uses: ReadonlyMap<Node, number>;
  /** Images that lie as [height, width, batch, channels]. */
  readonly spatial: ReadonlySet<Node>;
  /** Optimizer updates that are lowered as a whole. */
  readonly updates: UpdatePlan;
  /** Chains of arithmetic on images that are lowered as a whole, by each node that they give. */
  readonly chains: ReadonlyMap<Node, Chain>;
  /**
   * What to lower, in this order. Other live nodes are lowered when one of these asks for them, or
   * become part of it.
   */
  readonly due: readonly Node[];
  /** State whose new value may be written over the old. */
  readonly inPlace: ReadonlySet<string>;
}
