namespace DattoRMM.Tests.Gallery;

/// <summary>A way to call a command of the gallery module: the parameters that are given.</summary>
/// <param name="Command">The command.</param>
/// <param name="Set">The parameter set they are of.</param>
/// <param name="Bound">
/// Their names in the order of declaration, each with the one of its allowed values that it gets, or null if it takes
/// any.
/// </param>
public sealed record GalleryCase(GalleryCommand Command, string Set, IReadOnlyList<GalleryCase.Given> Bound)
{
    /// <summary>Up to so many optional parameters are tried in all combinations.</summary>
    private const int MostCombined = 4;

    private static readonly Lazy<Dictionary<string, GalleryCase>> s_all = new(() =>
        GallerySurface.Facts.Commands.SelectMany(Of).DistinctBy(one => one.ToString())
            .ToDictionary(one => one.ToString()));

    /// <summary>A parameter that is given, and which of its allowed values it gets.</summary>
    public sealed record Given(string Key, string? Value);

    /// <summary>All combinations that matter, of all commands, by their names.</summary>
    public static IReadOnlyDictionary<string, GalleryCase> All => s_all.Value;

    /// <summary>The combinations of one command that matter, those with the fewest parameters first.</summary>
    public static IEnumerable<GalleryCase> Of(GalleryCommand command) =>
        Sets(command).SelectMany(set => Of(command, set));

    /// <summary>The parameters that a command needs in a set, and the optional ones of these names.</summary>
    public static GalleryCase Of(GalleryCommand command, string set, params string[] optional) => new(
        command, set,
        [.. command.Parameters
            .Where(parameter => parameter.IsIn(set)
                && (parameter.IsMandatoryIn(set) || optional.Contains(parameter.Name)))
            .Select(parameter => new Given(parameter.Name, parameter.Values.FirstOrDefault()))]);

    /// <summary>The shortest call in which a parameter is given.</summary>
    public static GalleryCase With(GalleryCommand command, GalleryParameter parameter) =>
        Of(command, Sets(command).First(parameter.IsIn), parameter.Name);

    /// <summary>Whether a parameter is given.</summary>
    public bool Has(string parameter) => Bound.Any(pair => pair.Key == parameter);

    /// <summary>Which of its allowed values a parameter gets, or null.</summary>
    public string? Member(string parameter) => Bound.FirstOrDefault(pair => pair.Key == parameter)?.Value;

    public override string ToString() => string.Join(
        ' ', [Command.Name, .. Bound.Select(pair => pair.Value == null ? pair.Key : $"{pair.Key}={pair.Value}")]);

    private static IEnumerable<string> Sets(GalleryCommand command) =>
        command.Parameters.SelectMany(parameter => parameter.Sets.Keys).Distinct()
            .Where(set => set != GalleryParameter.AllSets)
            .DefaultIfEmpty(GalleryParameter.AllSets);

    private static IEnumerable<GalleryCase> Of(GalleryCommand command, string set)
    {
        string[] optional =
            [.. command.Parameters.Where(parameter => parameter.IsIn(set) && !parameter.IsMandatoryIn(set))
                .Select(parameter => parameter.Name)];
        foreach (string[] some in Choices(optional))
        {
            yield return Of(command, set, some);
        }
        GalleryCase full = Of(command, set, optional);
        foreach ((string name, string? first) in full.Bound)
        {
            foreach (string value in command.Parameter(name).Values.Where(value => value != first))
            {
                yield return full with
                {
                    Bound = [.. full.Bound.Select(pair => pair.Key == name ? pair with { Value = value } : pair)],
                };
            }
        }
    }

    private static IEnumerable<string[]> Choices(string[] optional) =>
        optional.Length <= MostCombined
            ? Enumerable.Range(0, 1 << optional.Length)
                .Select(bits => optional.Where((_, number) => (bits >> number & 1) == 1).ToArray())
            : [[], .. optional.Select(one => new[] { one }), optional];
}
