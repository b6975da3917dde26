/**
 * Stands for a class, a function or an object of Python that is not known here. It is carried along, holds nothing and does
 * nothing: what a checkpoint keeps beside its weights (options, callbacks, random states) need not be understood.
 */
export class StandIn {
  constructor(
    /** `module.name` */
    readonly name: string,
  ) {}
}
