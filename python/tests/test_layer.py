"""A program is a layer of a network."""

import pytest

torch = pytest.importorskip("torch")

import ropewalk as rw
from ropewalk.torch import ProgramLayer


@pytest.fixture
def program(map_inc):
    return rw.Program.parse(map_inc)


def test_a_compiled_program_computes_what_the_program_computes(program):
    layer = ProgramLayer(program)
    inputs = torch.tensor([[3, 1, 4, 7], [0, 0, 5, 6]])
    result = layer(inputs)
    assert result.shape == (2, 4, 8)
    assert result.argmax(-1).tolist() == [program(row.tolist()) for row in inputs]
    assert torch.allclose(result.sum(-1), torch.ones(2, 4), atol=1e-4)
    assert layer(inputs[0]).argmax(-1).tolist() == [4, 2, 5, 0]


def test_gradients_to_weights_and_memory_are_right(program):
    layer = ProgramLayer(rw.Program.parse(str(program), base=3, cells=2), steps=6, gamma=0.4).double()
    memory = torch.softmax(torch.randn(2, 2, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)), -1)
    weights = layer.weights.detach().clone().requires_grad_()

    def run(memory, weights):
        return torch.nn.utils.stateless.functional_call(layer, {"weights": weights}, (memory,))

    assert torch.autograd.gradcheck(run, (memory.requires_grad_(), weights))


def test_weights_are_trained_where_asked_for(program):
    assert [name for name, _ in ProgramLayer(program).named_parameters()] == ["weights"]
    frozen = ProgramLayer(program, trainable=False)
    assert not list(frozen.parameters())
    assert list(frozen.state_dict()) == ["weights"]
    assert "20 steps" in repr(frozen)


def test_descent_lowers_the_loss(program):
    layer = ProgramLayer(program, gamma=0.3)
    descent = torch.optim.Adam(layer.parameters(), lr=0.03)
    memory = torch.randint(8, (8, 4), generator=torch.Generator().manual_seed(1))
    wanted = torch.nn.functional.one_hot((memory + 1) % 8, 8).float()
    losses = []
    for _ in range(40):
        loss = (layer(memory) - wanted).square().sum(-1).mean()
        descent.zero_grad()
        loss.backward()
        descent.step()
        losses.append(loss.item())
    assert losses[-1] < 0.75 * losses[0]


def test_a_layer_is_read_back_and_certified(program):
    layer = ProgramLayer(program)
    assert layer.harden() == program
    assert layer.verify("map-inc")
    assert layer.trained_machine().run([3, 1, 4, 7]).memory == [4, 2, 5, 0]


def test_layouts_and_empty_batches(program):
    layer = ProgramLayer(program)
    memory = torch.softmax(torch.randn(4, 8, 3), 1).permute(2, 0, 1)
    assert not memory.is_contiguous()
    torch.testing.assert_close(layer(memory), layer(memory.contiguous()))
    assert layer(torch.empty(0, 4, 8)).shape == (0, 4, 8)
    assert layer(torch.zeros(2, 3, 4, dtype=torch.int64)).shape == (2, 3, 4, 8)


@pytest.mark.parametrize("memory", [torch.ones(4, 7), torch.ones(8), torch.ones(4, 8, dtype=torch.float16)])
def test_what_does_not_fit_is_refused(program, memory):
    with pytest.raises(rw.InputError, match="expected"):
        ProgramLayer(program)(memory)


def test_a_program_without_steps_needs_them():
    with pytest.raises(rw.InputError, match="how many steps"):
        ProgramLayer(rw.Program.parse("halt"))


def test_results_do_not_depend_on_threads(program):
    memory = torch.softmax(torch.randn(300, 4, 8, generator=torch.Generator().manual_seed(2)), -1)
    outcomes = []
    for jobs in (1, 2):
        layer = ProgramLayer(program, gamma=0.3, n_jobs=jobs)
        given = memory.clone().requires_grad_()
        result = layer(given)
        result.square().sum().backward()
        outcomes.append((result, layer.weights.grad, given.grad))
    for one, two in zip(*outcomes):
        assert torch.equal(one, two)


def test_frozen_weights_get_no_gradient_and_memory_does(program):
    layer = ProgramLayer(program, trainable=False)
    memory = torch.softmax(torch.randn(3, 4, 8), -1).requires_grad_()
    layer(memory).square().sum().backward()
    assert layer.weights.grad is None
    assert memory.grad.abs().max() > 0


operators = pytest.mark.skipif(not hasattr(torch.library, "custom_op"), reason="operators from Python need PyTorch 2.4")


@operators
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_operator_keeps_the_contract_of_operators(program, dtype):
    layer = ProgramLayer(rw.Program.parse(str(program), base=3, cells=2), steps=6, gamma=0.4).to(getattr(torch, dtype))
    memory = torch.softmax(torch.randn(2, 2, 3, dtype=layer.weights.dtype), -1).requires_grad_()
    machine = layer._sizes, layer._registers, layer._instructions, layer._switches, layer.steps, layer.threads
    torch.library.opcheck(torch.ops.ropewalk.run_layer.default, (memory, layer.weights, *machine))


@operators
def test_a_compiled_network_gives_equal_values(program):
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Linear(5, 32), torch.nn.Unflatten(-1, (4, 8)), torch.nn.Softmax(-1), ProgramLayer(program, gamma=0.3)
    )
    compiled = torch.compile(network, fullgraph=True, backend="aot_eager")
    inputs = torch.randn(6, 5)
    outcomes = []
    for each in (network, compiled):
        network.zero_grad()
        result = each(inputs)
        result.square().sum().backward()
        outcomes.append([result.detach(), *(weight.grad.clone() for weight in network.parameters())])
    for plain, fast in zip(*outcomes):
        torch.testing.assert_close(fast, plain)
