using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Objects;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Whose the library's memory is when it cannot be read.</summary>
public sealed class BufferTests : IDisposable
{
    private readonly Simulator _sim = Simulator.Start("--devices 3 --sites 2");
    private readonly Engine _engine = new();
    private readonly NativeSession _session;

    public BufferTests() => _session = NativeBatches.Connect(_sim);

    public void Dispose()
    {
        _session.Disconnect();
        _engine.Dispose();
        _sim.Dispose();
    }

    [Fact]
    public void A_batch_that_is_malformed_is_freed_at_once()
    {
        using NativeBuffer buffer = _session.Describe();
        // The batch brings shape 0, which this stream would have had already.
        ShapeTable shapes = new();
        shapes.Add(new Shape([]));

        DrmmException fault = Assert.Throws<DrmmException>(() => new BatchReader(buffer, shapes, null));

        Assert.Equal(ErrorKind.Malformed, fault.Kind);
        Assert.True(buffer.IsClosed);
    }
}
