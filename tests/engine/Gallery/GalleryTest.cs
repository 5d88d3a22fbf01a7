using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Gallery;

/// <summary>The base of tests that go through the gallery module's commands, each on a simulator of its own.</summary>
public abstract class GalleryTest : EngineTest
{
    // A job has its results at once.
    private protected GalleryTest()
        : base("--devices 20 --sites 3 --job-ms 0") => Samples = new GallerySamples(Sim, Engine);

    /// <summary>The commands of the gallery module.</summary>
    public static TheoryData<string> Commands =>
        new(GallerySurface.Facts.Commands.Select(command => command.Name));

    /// <summary>All ways to call them that matter.</summary>
    public static TheoryData<string> Cases => new(GalleryCase.All.Keys);

    private protected GallerySamples Samples { get; }

    /// <summary>A call as a script writes it.</summary>
    private protected string Script(GalleryCase one) => $"{one.Command} {Samples.Arguments(one)}";

    /// <summary>Runs a script and gives, beside all that it wrote, the requests that it sent.</summary>
    private protected Outcome Invoke(string script, out IReadOnlyList<Received> received)
    {
        if (script.StartsWith("Set-DrmmApiParameters", StringComparison.Ordinal))
        {
            // Else the token that is there already would do.
            Engine.Run("Disconnect-DrmmApi");
        }
        Sim.Reset();
        Outcome outcome = Engine.Invoke(script);
        // Pages that follow a cursor are the server's choice, and the client's look at the quota is its own.
        received = [.. Sim.Requests().Where(request =>
            request.Path != "/api/v2/system/request_rate" && request["searchAfter"] == null)];
        return outcome;
    }

    /// <summary>What a script sends; whether it then fails does not matter, but it has to bind.</summary>
    private protected IReadOnlyList<string> Sent(string script)
    {
        Outcome outcome = Invoke(script, out IReadOnlyList<Received> received);
        ErrorRecord? unbound = outcome.Errors.FirstOrDefault(IsBindingError);
        Assert.True(unbound == null, $"{script}: {unbound}");
        return [.. received.Select(GallerySent.Of)];
    }

    /// <summary>What the gallery module sends in a case.</summary>
    private protected IReadOnlyList<string> Expected(GalleryCase one) =>
        [.. Requests(one).Select(request => GallerySent.Of(request, name => Value(one, name)))];

    /// <summary>The requests that a command makes in a case.</summary>
    private protected static IEnumerable<GalleryRequest> Requests(GalleryCase one) =>
        one.Command.Requests.Where(request => request.When.All(pair => one.Member(pair.Key) == pair.Value));

    /// <summary>Whether the engine found no place for an argument, or missed one.</summary>
    private protected static bool IsBindingError(ErrorRecord error) =>
        error.Exception is ParameterBindingException or CommandNotFoundException;

    private GallerySample Value(GalleryCase one, string name) => name switch
    {
        // The first page; there is no second one in so small an account.
        "N" => GallerySample.Of(0),
        "key" => GallerySample.Of(Sim.Key),
        // The simulator keeps no secret.
        "secret" => GallerySample.Of("***"),
        "variables" when one.Has("VariableDefinitions") => Value(one, "VariableDefinitions"),
        _ when one.Has(name) => Samples.Of(one, one.Command.Parameter(name)),
        _ => one.Command.Parameters.Any(parameter => parameter.Name == name && parameter.IsSwitch)
            ? GallerySample.Off
            : GallerySample.Unbound,
    };
}
