package io.nowcast.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.checkpoint.TorchScriptSignature.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against programs that PyTorch saved: see make_fixtures.py. */
class TorchScriptSignatureTest {

    @Test
    void readsTypesDefaultsAndResultAcrossLines() {
        assertThat(TorchScriptSignature.read(Fixtures.path("scripted.bin")))
                .isEqualTo(
                        new TorchScriptSignature(
                                List.of(
                                        new Parameter("frames", "Tensor", false),
                                        new Parameter(
                                                "state", "Dict[str, Tuple[Tensor, int]]", false),
                                        new Parameter("steps", "int", true),
                                        new Parameter("name", "str", true)),
                                "Tuple[Tensor, List[int]]",
                                false,
                                List.of()));
    }

    @Test
    void recognisesTracedPrograms() {
        TorchScriptSignature signature = TorchScriptSignature.read(Fixtures.path("traced.bin"));

        assertThat(signature.traced()).isTrue();
        assertThat(signature.parameters()).containsExactly(new Parameter("input", "Tensor", false));
        assertThat(signature.returns()).isEqualTo("Tensor");
    }

    @Test
    void refusesWeights() {
        assertThatThrownBy(() -> TorchScriptSignature.read(Fixtures.path("zip.bin")))
                .isInstanceOf(CheckpointException.Unsupported.class)
                .hasMessage("expected TorchScript, got PYTORCH_ZIP");
    }

    @Test
    void takesForwardOfTheNamedClassOnly() {
        String source =
                """
                class Other(Module):
                  def forward(self: __torch__.Other,
                    wrong: Tensor) -> Tensor:
                    return wrong
                class Net(Module):
                  def forward(self: __torch__.Net) -> NoneType:
                    return None
                """;

        assertThat(ForwardDeclaration.find(source, "Net"))
                .isEqualTo(new TorchScriptSignature(List.of(), "NoneType", false, List.of()));
        assertThatThrownBy(() -> ForwardDeclaration.find(source, "Absent"))
                .isInstanceOf(CheckpointException.Malformed.class)
                .hasMessageContaining("no class Absent");
        assertThatThrownBy(() ->
                        ForwardDeclaration.find("class Net(Module):\n  def forward(self,\n", "Net"))
                .isInstanceOf(CheckpointException.Malformed.class)
                .hasMessageContaining("does not end");
    }
}
