package io.nowcast.network;

import java.util.List;

/**
 * Spatiotemporal LSTM of PredRNN (Wang et al. 2017). Beside its own h and c it reads and writes the
 * memory m that all such cells of a network share: m climbs through the layers of a time step and
 * goes on at the lowest layer of the next.
 *
 * <pre>
 * i, f, g, i', f', g', o_x = input(x);  i, f, g, o_h += hidden(h);  i', f', g' += memory(m)
 * c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g);  m' = σ(f') ⊙ m + σ(i') ⊙ tanh(g')
 * h' = σ(o_x + o_h + output([c', m'])) ⊙ tanh(last * [c', m'])
 * </pre>
 *
 * @param input to 7N channels
 * @param hidden to 4N channels
 * @param memory to 3N channels
 * @param output from 2N to N channels
 * @param last from 2N to N channels, 1x1
 */
public record SpatiotemporalLstm(
        List<Layer> input,
        List<Layer> hidden,
        List<Layer> memory,
        List<Layer> output,
        Convolution last)
        implements Cell {

    public SpatiotemporalLstm {
        input = List.copyOf(input);
        hidden = List.copyOf(hidden);
        memory = List.copyOf(memory);
        output = List.copyOf(output);
        int channels = last.outputChannels();
        Cell.requireGates("an ST-LSTM's input", 7, channels, Gates.outputs(input));
        Cell.requireGates("an ST-LSTM's state", 4, channels, Gates.outputs(hidden));
        Cell.requireGates("an ST-LSTM's memory", 3, channels, Gates.outputs(memory));
        Cell.requireGates("an ST-LSTM's output gate", 1, channels, Gates.outputs(output));
    }

    @Override
    public int hiddenChannels() {
        return last.outputChannels();
    }

    @Override
    public boolean takesInput() {
        return true;
    }
}
