namespace DattoRMM.Tests.Gallery;

/// <summary>In what this module departs from the gallery's on purpose.</summary>
public enum GalleryAspect
{
    /// <summary>A parameter that was mandatory may be left out.</summary>
    LeftOut,

    /// <summary>A parameter takes more values than it did.</summary>
    Values,

    /// <summary>Other requests lead to the same result.</summary>
    Requests,

    /// <summary>What comes out differs.</summary>
    Output,
}

/// <summary>A departure from the gallery module, with its reason. What is not here is as it was there.</summary>
/// <param name="Command">The command.</param>
/// <param name="Parameter">The parameter, or null for the command as a whole.</param>
/// <param name="Aspect">In what it departs.</param>
/// <param name="Reason">Why.</param>
/// <param name="Arguments">
/// What a script has to add, or null: for requests, that they are those of the gallery module again.
/// </param>
public sealed record GalleryDeparture(
    string Command, string? Parameter, GalleryAspect Aspect, string Reason, string? Arguments = null)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<GalleryDeparture> All { get; } =
    [
        new("Get-DrmmAlert", "alertUid", GalleryAspect.LeftOut, "without a scope it gives the account's open alerts"),
        new("Get-DrmmDevice", "deviceUid", GalleryAspect.LeftOut, "without a scope it gives the account's devices"),
        new("Get-DrmmSite", "siteUid", GalleryAspect.LeftOut, "without a scope it gives the account's sites"),
        new("Set-DrmmSite", "siteName", GalleryAspect.LeftOut, "a name that is not given is kept", "-siteNotes new"),
        new(
            "Set-DrmmSite", null, GalleryAspect.Requests,
            "the API clears what is not sent, so the site is read first and all its fields are sent", "-Replace"),
        new(
            "Set-DrmmApiParameters", "Url", GalleryAspect.Values,
            "new platforms, and the simulator, have addresses that the list does not know"),
        new(
            "Get-DevicesNeedingReboot", null, GalleryAspect.Requests,
            "one list of the account's devices in place of one list for each site"),
        new(
            "Get-DrmmActivityLogs", null, GalleryAspect.Output,
            "the last page comes too; there it was lost, and with it every answer of one page"),
        new(
            "Add-DrmmAlertMessage", null, GalleryAspect.Output,
            "every alert that is piped in is handled; there only the last one was"),
    ];

    /// <summary>Whether a command, or a parameter of it, departs in this.</summary>
    public static bool Is(GalleryAspect aspect, GalleryCommand command, GalleryParameter? parameter = null) =>
        Find(aspect, command, parameter) != null;

    /// <summary>How a command, or a parameter of it, departs in this, or null.</summary>
    public static GalleryDeparture? Find(
        GalleryAspect aspect, GalleryCommand command, GalleryParameter? parameter = null) =>
        All.SingleOrDefault(departure => departure.Aspect == aspect
            && departure.Command == command.Name && departure.Parameter == parameter?.Name);

    public override string ToString() => $"{Command} {Parameter} {Aspect}";
}
