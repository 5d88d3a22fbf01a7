using System.Management.Automation;
using System.Net;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Scripts for the gallery module bind here as they did there.</summary>
public sealed class GalleryTests() : EngineTest("--devices 20 --sites 3")
{
    public static TheoryData<string> Names => new(GallerySurface.Commands.Select(command => command.Name));

    [ReferenceFact]
    public void The_facts_in_these_tests_are_those_of_the_reference()
    {
        Dictionary<string, GalleryCommand> reference = GallerySurface.Read().ToDictionary(command => command.Name);

        Assert.All(GallerySurface.Commands, command =>
        {
            Assert.Equal(reference[command.Name].IsAdvanced, command.IsAdvanced);
            Assert.Equal(reference[command.Name].Parameters, command.Parameters);
        });
        // A gallery name that the module gains is tested from then on.
        Assert.Equal(
            GallerySurface.Commands.Select(command => command.Name).Order(),
            Engine.Invoke("(Get-Module DattoRMM).ExportedCommands.Keys").Texts.Intersect(reference.Keys).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_parameter_is_there_at_its_place_and_as_binding(string name)
    {
        GalleryCommand command = Command(name);
        CommandInfo info = (CommandInfo)Engine.Invoke($"Get-Command {name}").Well().One.BaseObject;
        info = info is AliasInfo alias ? alias.ResolvedCommand : info;

        foreach (GalleryParameter expected in command.Parameters)
        {
            ParameterMetadata actual = info.Parameters[expected.Name];
            Assert.Equal(expected.IsSwitch, actual.SwitchParameter);
            // Where a command has more sets, the gallery's is the one in which this parameter has its place.
            IEnumerable<ParameterSetMetadata> sets = actual.ParameterSets.Values;
            Assert.Contains(sets, set => expected.Position == (set.Position < 0 ? null : set.Position));
            Assert.DoesNotContain(sets, set => set.IsMandatory && !expected.IsMandatory);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_abbreviation_that_bound_there_binds_here_to_the_same_parameter(string name)
    {
        GalleryCommand command = Command(name);
        Engine["credential"] = new PSCredential(Sim.Key, new NetworkCredential("", Sim.Secret).SecurePassword);
        Engine.Run(Toy(command));
        foreach (GalleryParameter parameter in command.Parameters)
        {
            for (int length = 1; length <= parameter.Name.Length; length++)
            {
                string prefix = parameter.Name[..length];
                Outcome there = Engine.Invoke($"Toy {Arguments(command, parameter, prefix)}");
                if (there.Errors.Count > 0)
                {
                    // It was ambiguous there too.
                    continue;
                }
                Assert.Contains(parameter.Name, there.Texts);
                Assert.Equal(
                    Sent($"{name} {Arguments(command, parameter, parameter.Name)}"),
                    Sent($"{name} {Arguments(command, parameter, prefix)}"));
            }
        }
    }

    [Theory]
    [InlineData("Get-DrmmDevice the-uid", "GET /api/v2/device/the-uid")]
    [InlineData("Get-DrmmSite the-uid", "GET /api/v2/site/the-uid")]
    [InlineData("Get-DrmmAlert the-uid", "GET /api/v2/alert/the-uid")]
    [InlineData("Get-DrmmSiteDevices the-uid 104", "GET /api/v2/site/the-uid/devices?filterId=104&max=250&page=0")]
    [InlineData("Get-DrmmAccountDevices 104", "GET /api/v2/account/devices?filterId=104&max=250&page=0")]
    [InlineData("Set-DrmmAlertResolve the-uid", "POST /api/v2/alert/the-uid/resolve")]
    [InlineData("New-ApiRequest DELETE /v2/x", "DELETE /api/v2/x")]
    [InlineData("New-ApiRequest POST /v2/x '{}'", "POST /api/v2/x")]
    [InlineData("Get-DrmmDevice ([guid]::Empty)", "GET /api/v2/device/00000000-0000-0000-0000-000000000000")]
    public void Positional_arguments_mean_what_they_meant(string script, string sent) =>
        Assert.Equal([sent], Sent(script));

    [Theory]
    [InlineData("Get-DrmmAccountSites -noDeletedDevices | Where-Object -Property onDemand -Like 'False'")]
    [InlineData("Get-DrmmAccountDevices | Where-Object -Property deviceType -Like '@{category=*; type=*}'")]
    [InlineData("foreach ($site in Get-DrmmAccountSites) { Get-DrmmSiteDevices $site.uid }")]
    [InlineData("(Get-DrmmAccountDevices).ForEach{ ([datetime] '1/1/1970').AddMilliseconds($_.creationDate) }")]
    [InlineData("Get-DrmmAccountDevices | Where-Object { $_.udf.udf1 -or -not $_.udf.udf1 }")]
    [InlineData("(Get-DrmmAccountAlertsOpen).Where{ $_.alertContext.PSObject.Properties.name -contains '@class' }")]
    public void What_real_scripts_do_gives_something(string script) => Assert.NotEmpty(Engine.Run(script));

    private static GalleryCommand Command(string name) =>
        GallerySurface.Commands.Single(command => command.Name == name);

    /// <summary>What a script sends beside logins; whether it then fails does not matter.</summary>
    private IReadOnlyList<string> Sent(string script)
    {
        Sim.Reset();
        ErrorRecord? unbound = Engine.Invoke(script).Errors
            .FirstOrDefault(error => error.Exception is ParameterBindingException);
        Assert.True(unbound == null, $"{script}: {unbound}");
        return [.. Sim.Requests()
            .Where(request => request.Path != "/api/v2/system/request_rate")
            .Select(request => request.Line)];
    }

    /// <summary>A function with the gallery's own declaration, which gives the names of what was bound.</summary>
    private static string Toy(GalleryCommand command)
    {
        IEnumerable<string> parameters = command.Parameters.Select(parameter =>
        {
            string set = parameter.Set == null ? "" : $", ParameterSetName = '{parameter.Set}'";
            string position = parameter.Position == null ? "" : $", Position = {parameter.Position}";
            string type = parameter.IsSwitch ? "[switch]" : "";
            return $"[Parameter(Mandatory = ${parameter.IsMandatory}{position}{set})]{type} ${parameter.Name}";
        });
        return $"function Toy {{ param({string.Join(", ", parameters)}) $PSBoundParameters.Keys }}";
    }

    /// <summary>Arguments with one parameter under an abbreviation and what else is mandatory under its name.</summary>
    private string Arguments(GalleryCommand command, GalleryParameter parameter, string prefix)
    {
        IEnumerable<string> others = command.Parameters
            .Where(other => other != parameter && other.IsMandatory
                && (other.Set == null || other.Set == (parameter.Set ?? "Key")))
            .Select(other => $"-{other.Name} {Argument(other)}");
        return $"-{prefix} {Argument(parameter)} {string.Join(' ', others)}";
    }

    private string Argument(GalleryParameter parameter) => parameter switch
    {
        { IsSwitch: true } => "",
        { Name: "Url" } => Sim.Url,
        { Name: "Key" } => Sim.Key,
        { Name: "SecretKey" } => Sim.Secret,
        { Name: "Credential" } => "$credential",
        { Name: "FilterId" } => "104",
        { Name: "apiMethod" } => "GET",
        _ => "some-text",
    };
}

/// <summary>A test against the reference data, which may lie beside the checkout or not.</summary>
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute() =>
        Skip = File.Exists(Paths.GallerySurface) ? null : $"there is no {Paths.GallerySurface}";
}
