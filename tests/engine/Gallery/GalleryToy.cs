namespace DattoRMM.Tests.Gallery;

/// <summary>Functions with the declarations of the gallery module's, which give the names of what was bound.</summary>
internal static class GalleryToy
{
    /// <summary>The definition of a function «Toy».</summary>
    internal static string Of(GalleryCommand command)
    {
        IEnumerable<string> parameters = command.Parameters.Select(parameter =>
        {
            IEnumerable<string> attributes = command.IsAdvanced
                ? parameter.Sets.Select(set => Attribute(parameter, set.Key, set.Value))
                : [];
            string type = parameter.Type is "System.Object" ? "" : $"[{parameter.Type}]";
            return $"{string.Concat(attributes)}{type} ${parameter.Name}";
        });
        return $"function Toy {{ param({string.Join(", ", parameters)}) $PSBoundParameters.Keys }}";
    }

    private static string Attribute(GalleryParameter parameter, string set, bool isMandatory)
    {
        string position = parameter.Position == null ? "" : $", Position = {parameter.Position}";
        string name = set == GalleryParameter.AllSets ? "" : $", ParameterSetName = '{set}'";
        string pipeline = parameter.FromPipeline ? ", ValueFromPipeline" : "";
        return $"[Parameter(Mandatory = ${isMandatory}{position}{name}{pipeline})]";
    }
}
