package io.nowcast.batching;

/**
 * The bounds of a queue and of what is taken from it at once.
 *
 * @param queued most predictions waiting
 * @param queuedBytes most bytes of input waiting
 * @param batch most predictions in a model call
 * @param batchBytes most bytes of input in a model call of more than one prediction
 */
public record BatchLimits(int queued, long queuedBytes, int batch, long batchBytes) {}
