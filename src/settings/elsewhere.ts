/** A thing as it is called here, in order of preference, and by other programs. */
interface Thing {
  /**
   * An option (`--lr`, `--precision bfloat16`), an argument (`DATASET`), a command (`alexnet evaluate`) or a key of a
   * recipe (`optimizer.rate`).
   */
  readonly here: readonly string[]
  /** Names parted by blanks; `-`, `_` and capitals make no difference. */
  readonly elsewhere: string
}

/** The names by which PyTorch's scripts, timm, Keras, Ultralytics, Lightning, Hugging Face and Caffe call things. */
export const things: readonly Thing[] = [
  { here: ['--model', 'model.name'], elsewhere: 'arch architecture net network backbone model-name model-type a m' },
  { here: ['--width', 'model.width'], elsewhere: 'width-mult width-multiplier width-factor alpha' },
  { here: ['--activation', 'model.activation'], elsewhere: 'act act-layer activation-function nonlinearity neurons' },
  { here: ['--norm batch', 'model.norm'], elsewhere: 'bn batch-norm batch-normalization batch-normalisation use-bn' },
  { here: ['--norm', 'model.norm'], elsewhere: 'norm-layer' },
  { here: ['--pooling', 'model.pooling'], elsewhere: 'pool pool-type' },
  { here: ['--dropout', 'model.dropout'], elsewhere: 'drop drop-rate dropout-rate dropout-prob p-dropout dropout-p' },
  {
    here: ['--initial', 'model.initial'],
    elsewhere: 'init initialization initialisation initializer weight-init init-method kernel-initializer',
  },
  { here: ['--recipe'], elsewhere: 'config config-file cfg hparams hyp hyperparameters yaml preset' },
  {
    here: ['--weights', 'weights', 'RUN', 'FILE'],
    elsewhere:
      'pretrained pretrained-weights pretrained-path init-from initial-checkpoint finetune fine-tune start-from base-model',
  },
  { here: ['--freeze', 'optimizer.multipliers'], elsewhere: 'frozen freeze-layers freeze-backbone freeze-at' },
  {
    here: ['--multipliers', 'optimizer.multipliers'],
    elsewhere: 'layer-lr lr-mult layer-decay param-groups discriminative-lr',
  },
  {
    here: ['DATASET', 'IMAGE', 'PATH', '--data', 'data.name'],
    elsewhere:
      'dataset data-path data-root root train-dir train-data train-path dataset-dir data-dir datadir data-folder source input image images img',
  },
  {
    here: ['--image-size', 'data.size'],
    elsewhere:
      'imgsz img img-size im-size input-size input-shape resolution resize crop-size train-crop-size target-size',
  },
  {
    here: ['--val-fraction', 'data.validation'],
    elsewhere:
      'val-split validation-split val-ratio val-percent val-pct val-size valid-size valid-pct validation-fraction validation-ratio test-size holdout split-ratio val',
  },
  {
    here: ['--balanced', 'data.sampling'],
    elsewhere:
      'sampler balance balanced-sampler class-balanced weighted-sampler weighted-random-sampler oversample oversampling',
  },
  { here: ['--mixup', 'data.mix.mixup'], elsewhere: 'mixup-alpha' },
  { here: ['--cutmix', 'data.mix.cutmix'], elsewhere: 'cutmix-alpha cut-mix' },
  { here: ['data.mix.probability'], elsewhere: 'mixup-prob mix-prob cutmix-prob' },
  { here: ['data.mix.switch'], elsewhere: 'mixup-switch-prob switch-prob' },
  { here: ['--part'], elsewhere: 'split subset partition' },
  { here: ['data.normalisation'], elsewhere: 'normalization normalize normalise' },
  {
    here: ['data.augmentation'],
    elsewhere:
      'aug augment augmentations transforms transform data-augmentation hflip fliplr random-flip random-crop degrees',
  },
  { here: ['--random-erasing', 'data.augmentation'], elsewhere: 'reprob random-erase erasing cutout cutout-size' },
  { here: ['--colour-jitter', 'data.augmentation'], elsewhere: 'color-jitter jitter' },
  { here: ['--rand-augment', 'data.augmentation'], elsewhere: 'aa auto-augment randaug ra-magnitude trivial-augment' },
  {
    here: ['--workers'],
    elsewhere: 'num-workers n-workers nworkers dataloader-num-workers data-loader-workers j worker',
  },
  { here: ['--cache'], elsewhere: 'cache-images cache-mode cache-ram' },
  {
    here: ['--epochs', 'training.epochs'],
    elsewhere:
      'e n-epochs nepochs num-epochs max-epochs epochs-num num-train-epochs iterations iters max-iter max-iters max-steps num-steps steps total-steps',
  },
  {
    here: ['--accumulate', 'training.accumulate'],
    elsewhere:
      'accumulate-grad-batches gradient-accumulation-steps grad-accum-steps grad-accumulation accumulation-steps accumulation grad-accum accum-iter iter-size',
  },
  {
    here: ['--batch-size', 'training.batchSize'],
    elsewhere:
      'b bs batch batches minibatch mini-batch mini-batch-size train-batch-size per-device-train-batch-size batch-size-per-gpu val-batch-size eval-batch-size max-batch-size',
  },
  {
    here: ['--lr', 'optimizer.rate'],
    elsewhere: 'lr learning-rate lr0 base-lr init-lr initial-lr learn-rate start-lr max-lr eta step-size rate',
  },
  {
    here: ['--optimizer', 'optimizer.kind'],
    elsewhere: 'opt optim optimiser solver solver-type optimizer-type optimizer-name',
  },
  { here: ['--rule nesterov', 'optimizer.rule'], elsewhere: 'nesterov use-nesterov' },
  { here: ['--momentum', 'optimizer.momentum'], elsewhere: 'mom mu' },
  { here: ['optimizer.beta1'], elsewhere: 'betas adam-beta1 adam-beta-1 opt-betas' },
  { here: ['optimizer.beta2'], elsewhere: 'adam-beta2 adam-beta-2' },
  { here: ['optimizer.epsilon'], elsewhere: 'eps adam-eps adam-epsilon opt-eps' },
  {
    here: ['--weight-decay', 'optimizer.weightDecay'],
    elsewhere: 'wd decay l2 l2-reg regularization regularisation reg',
  },
  {
    here: ['--clip-norm', 'optimizer.clipNorm'],
    elsewhere:
      'clip clip-grad clip-grad-norm grad-clip gradient-clip gradient-clipping gradient-clip-val max-grad-norm max-norm',
  },
  { here: ['--label-smoothing', 'loss.labelSmoothing'], elsewhere: 'smoothing ls label-smooth labelsmoothing' },
  {
    here: ['--class-weights', 'loss.classWeights'],
    elsewhere: 'class-weight weighted-loss loss-weights pos-weight balanced balance-classes cls-weights',
  },
  {
    here: ['--average', 'optimizer.average'],
    elsewhere: 'ema model-ema use-ema ema-decay model-ema-decay ema-momentum swa averaging',
  },
  {
    here: ['--schedule', 'schedule.kind'],
    elsewhere:
      'sched scheduler lr-scheduler lr-schedule lr-policy lr-scheduler-type lr-decay-type learning-rate-schedule scheduler-type',
  },
  { here: ['--schedule cosine', 'schedule.kind'], elsewhere: 'cos-lr cosine cosine-lr' },
  { here: ['--schedule one-cycle', 'schedule.kind'], elsewhere: 'one-cycle onecycle onecyclelr one-cycle-lr 1cycle' },
  { here: ['schedule.pctStart'], elsewhere: 'pct-start' },
  { here: ['schedule.divFactor'], elsewhere: 'div-factor' },
  { here: ['schedule.finalDivFactor'], elsewhere: 'final-div-factor' },
  { here: ['schedule.anneal'], elsewhere: 'anneal-strategy' },
  {
    here: ['--patience', 'training.patience'],
    elsewhere: 'early-stopping early-stop early-stopping-patience stop-patience patience-epochs es',
  },
  { here: ['schedule.factor'], elsewhere: 'gamma lr-gamma lr-decay decay-rate lr-decay-factor lr-factor' },
  { here: ['schedule.every'], elsewhere: 'lr-step-size lr-step lr-decay-epochs decay-epochs stepsize' },
  { here: ['schedule.at'], elsewhere: 'milestones lr-milestones lr-steps multistep' },
  {
    here: ['--warmup', 'schedule.warmup'],
    elsewhere: 'warmup-epochs lr-warmup-epochs warmup-steps lr-warmup num-warmup-steps warm-up',
  },
  { here: ['schedule.to'], elsewhere: 'lrf min-lr final-lr eta-min end-lr' },
  { here: ['--seed', 'training.seed'], elsewhere: 'random-seed manual-seed random-state rng-seed' },
  {
    here: ['--out'],
    elsewhere:
      'o output output-dir outdir out-dir output-path save save-dir save-path save-to savedir work-dir log-dir logdir logging-dir project run-dir run-name experiment exp exp-name checkpoint-dir snapshot-prefix destination dest',
  },
  {
    here: ['--resume', 'RUN'],
    elsewhere:
      'continue resume-from resume-from-checkpoint restore restore-from load load-checkpoint load-model checkpoint ckpt ckpt-path checkpoint-path snapshot model-path model-file run',
  },
  { here: ['--tensorboard'], elsewhere: 'tb tensor-board tensorboard-dir tb-dir' },
  { here: ['--csv'], elsewhere: 'csv-log csv-logger' },
  { here: ['--ui'], elsewhere: 'tensorboard tb wandb visualize visualise plot plots dashboard' },
  { here: ['--no-report'], elsewhere: 'noreport report-off' },
  { here: ['--engine'], elsewhere: 'backend runtime provider execution-provider' },
  { here: ['--device'], elsewhere: 'accelerator' },
  {
    here: ['--device webgpu'],
    elsewhere: 'gpu gpus gpu-id gpu-ids num-gpus n-gpu n-gpus ngpu use-gpu devices cuda use-cuda mps use-mps g',
  },
  { here: ['--device cpu'], elsewhere: 'no-cuda no-gpu cpu cpu-only disable-cuda' },
  {
    here: ['--precision bfloat16'],
    elsewhere: 'amp use-amp no-amp fp16 bf16 half mixed-precision mixed autocast use-fp16 use-bf16 float16 bfloat16',
  },
  { here: ['--precision'], elsewhere: 'dtype float-type amp-dtype' },
  { here: ['--threads'], elsewhere: 'num-threads n-threads nthreads cpus cores num-cpus n-jobs jobs' },
  { here: ['--top'], elsewhere: 'topk top-k k num-results n-results' },
  { here: ['--views 10'], elsewhere: 'tta tencrop ten-crop test-time-augmentation' },
  { here: ['--labels'], elsewhere: 'class-names names label-file labels-path classes-file' },
  { here: ['--preprocess'], elsewhere: 'include-preprocessing with-preprocessing' },
  { here: ['--probabilities'], elsewhere: 'softmax with-softmax' },
  { here: ['--force'], elsewhere: 'f y yes overwrite exist-ok' },
  { here: ['--host'], elsewhere: 'bind address ip listen hostname' },
  { here: ['--port'], elsewhere: 'p http-port' },
  { here: ['--token'], elsewhere: 'api-key auth auth-token secret' },
  { here: ['--max-delay'], elsewhere: 'max-latency batch-timeout max-wait' },
  { here: ['--json'], elsewhere: 'as-json output-json' },
  { here: ['alexnet evaluate'], elsewhere: 'eval evaluation test val validate validation score' },
  { here: ['alexnet train'], elsewhere: 'fit learn finetune fine-tune resume run' },
  { here: ['alexnet lr-find'], elsewhere: 'lr_find lrfind lr-finder find-lr lr-range-test tune' },
  { here: ['alexnet sweep'], elsewhere: 'grid grid-search gridsearch hpo hyperopt optimize' },
  { here: ['alexnet zoo'], elsewhere: 'hub model-zoo pretrained' },
  { here: ['alexnet predict'], elsewhere: 'infer inference classify detect label' },
  { here: ['alexnet inspect'], elsewhere: 'summary info show describe models list' },
  { here: ['alexnet bench'], elsewhere: 'benchmark speed profile' },
  { here: ['alexnet features'], elsewhere: 'embed embeddings embedding encode extract' },
  { here: ['alexnet similar'], elsewhere: 'search neighbours neighbors nearest retrieve' },
  { here: ['alexnet export'], elsewhere: 'convert onnx save' },
  { here: ['alexnet import'], elsewhere: 'load convert-from' },
  { here: ['alexnet serve'], elsewhere: 'server api deploy' },
  { here: ['alexnet ui'], elsewhere: 'dashboard web gui tensorboard page' },
  { here: ['alexnet doctor'], elsewhere: 'check env checks diagnose' },
]

/** A word that is a value, as it is called here, and elsewhere. */
export const words: readonly { readonly here: string; readonly elsewhere: string }[] = [
  { here: 'webgpu', elsewhere: 'gpu cuda cuda:0 mps metal rocm directml dml xpu 0' },
  { here: 'cpu', elsewhere: 'none -1' },
  { here: 'bfloat16', elsewhere: 'bf16 bf16-mixed fp16 float16 f16 half 16 16-mixed mixed amp' },
  { here: 'float32', elsewhere: 'fp32 f32 float full single 32 32-true tf32' },
  { here: 'adamw', elsewhere: 'adam nadam radam adamw_torch' },
  { here: 'sgd', elsewhere: 'momentum nesterov sgdm' },
  { here: 'batch', elsewhere: 'bn batchnorm batchnorm2d batch_normalization batch_normalisation' },
  { here: 'lrn', elsewhere: 'local local-response localresponsenorm' },
  { here: 'he', elsewhere: 'kaiming kaiming_normal he_normal msra' },
  { here: 'fan-in', elsewhere: 'default pytorch kaiming_uniform uniform xavier glorot' },
  { here: 'paper', elsewhere: 'normal gaussian heavyball' },
  { here: 'constant', elsewhere: 'none fixed constant_lr' },
  { here: 'steps', elsewhere: 'step steplr exp exponential' },
  { here: 'drops', elsewhere: 'multistep multisteplr milestones piecewise' },
  { here: 'plateau', elsewhere: 'reducelronplateau reduce_on_plateau' },
  { here: 'cosine', elsewhere: 'cos cosineannealing cosineannealinglr cosine_with_restarts linear poly' },
  { here: 'one-cycle', elsewhere: 'onecycle onecyclelr 1cycle one_cycle super-convergence' },
  { here: 'mirror', elsewhere: 'flip hflip horizontal-flip randomhorizontalflip fliplr' },
  { here: 'vertical-flip', elsewhere: 'vflip randomverticalflip flipud' },
  { here: 'random-crop', elsewhere: 'crop' },
  { here: 'random-resized-crop', elsewhere: 'rrc resized-crop inception-crop' },
  { here: 'rotation', elsewhere: 'rotate randomrotation degrees' },
  { here: 'scaling', elsewhere: 'scale zoom' },
  { here: 'translation', elsewhere: 'translate shift' },
  { here: 'gaussian-noise', elsewhere: 'noise' },
  { here: 'rand-augment', elsewhere: 'aa auto-augment randaug trivial-augment' },
  { here: 'colour-jitter', elsewhere: 'color-jitter jitter' },
  { here: 'grayscale', elsewhere: 'greyscale random-grayscale gray grey togray' },
  { here: 'colour-noise', elsewhere: 'color-noise pca fancy-pca lighting' },
  { here: 'random-erasing', elsewhere: 'erasing random-erase cutout coarse-dropout' },
  { here: 'channel', elsewhere: 'imagenet mean-std standard' },
  { here: 'test', elsewhere: 'testing eval' },
  { here: 'validation', elsewhere: 'val valid dev' },
  { here: 'train', elsewhere: 'training' },
  { here: 'memory', elsewhere: 'ram' },
  { here: 'none', elsewhere: 'off no false' },
]

/** A name without what programs write differently: `--learning_rate` is `learningRate`. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '')
}

/**
 * What is called `name` elsewhere, as it is called here.
 * @param isThere Whether a name of here makes sense where `name` stands.
 */
export function calledHere(name: string, isThere: (here: string) => boolean): string | undefined {
  // An option may be looked for among the keys of a recipe, and a key among the options.
  const named = things.map(({ here, elsewhere }) => {
    const own = here.filter((one) => !one.includes(' ')).map((one) => one.replace(/^--/, ''))
    return { here, elsewhere: [...own, elsewhere].join(' ') }
  })
  return meaningOf(named, name, ({ here }) => here.find(isThere))
}

/**
 * One of the words that can stand at a place, for one that stands there.
 * @example wordHere('bf16', ['float32', 'bfloat16']) // 'bfloat16'
 */
export function wordHere(word: string, known: readonly string[]): string | undefined {
  const same = known.find((candidate) => plainName(candidate) === plainName(word))
  return same ?? meaningOf(words, word, ({ here }) => (known.includes(here) ? here : undefined))
}

/** The first that is called so elsewhere and means something. */
function meaningOf<T extends { readonly elsewhere: string }>(
  table: readonly T[],
  name: string,
  meaning: (entry: T) => string | undefined,
): string | undefined {
  const plain = plainName(name)
  for (const entry of table) {
    const here = entry.elsewhere.split(' ').some((other) => plainName(other) === plain) ? meaning(entry) : undefined
    if (here !== undefined) return here
  }
  return undefined
}
