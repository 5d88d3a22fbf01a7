using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Gallery;

/// <summary>Each command sends what it sent there, for every combination of parameters that matters.</summary>
public sealed class GalleryRequestTests : GalleryTest
{
    [Theory]
    [MemberData(nameof(Cases))]
    public void It_sends_what_the_gallery_module_sent(string name)
    {
        GalleryCase one = GalleryCase.All[name];
        GalleryDeparture? departure = GalleryDeparture.Find(GalleryAspect.Requests, one.Command);
        IReadOnlyList<string> expected = Expected(one);
        string script = $"{Script(one)} {departure?.Arguments}";

        Outcome outcome = Invoke(script, out IReadOnlyList<Received> received);

        Assert.Equal(one.Command.Output == GalleryOutput.Thrown, outcome.Errors.Count > 0);
        if (departure is { Arguments: null })
        {
            Assert.NotEqual(expected, received.Select(GallerySent.Of));
            return;
        }
        Assert.Equal(expected, received.Select(GallerySent.Of));
        Assert.All(received, request => Assert.InRange(request.Status, 200, 299));
    }
}
