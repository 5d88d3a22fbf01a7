using System.Globalization;
using DattoRMM.Client;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Numbers in a body go out as the numbers they are.</summary>
public sealed class NumberTests : IDisposable
{
    /// <summary>Loads the module, whose internals are used here.</summary>
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(0.1f, "0.1")]
    [InlineData(16777216f, "16777216")]
    [InlineData(-1.5f, "-1.5")]
    public void A_float_has_its_own_shortest_text(float value, string text) =>
        Assert.Equal(text, JsonWriter.Serialize(value));

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.84551240822557006)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    [InlineData(-0.0)]
    public void A_double_is_the_same_when_it_is_read_again(double value) => Assert.Equal(
        BitConverter.DoubleToInt64Bits(value),
        BitConverter.DoubleToInt64Bits(double.Parse(JsonWriter.Serialize(value), CultureInfo.InvariantCulture)));

    [Fact]
    public void A_double_has_the_shortest_text_that_does_so() => Assert.Equal("0.1", JsonWriter.Serialize(0.1));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_json_has_no_number_for_is_refused(float value) =>
        Assert.Equal(
            ErrorKind.InvalidArgument,
            Assert.Throws<DrmmException>(() => JsonWriter.Serialize(value)).Kind);
}
