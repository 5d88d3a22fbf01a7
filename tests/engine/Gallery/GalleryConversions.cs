namespace DattoRMM.Tests.Gallery;

/// <summary>What a caller could pass to a parameter of the gallery module, beside a literal of its own type.</summary>
internal static class GalleryConversions
{
    /// <summary>Values as a script writes them, each with one that means the same.</summary>
    internal static IEnumerable<(string Value, string Same)> Of(GalleryParameter parameter, GallerySample sample) =>
        parameter.Type switch
        {
            "System.Management.Automation.SwitchParameter" =>
                [("$true", "$true"), ("([switch] $true)", "$true"), ("1", "$true"), ("$false", "$false")],
            "System.Boolean" => [("1", "$true"), ("([switch] $true)", "$true"), ("0", "$false"), ("$false", "$false")],
            "System.Int32" => [("'50'", "50"), ("([long] 50)", "50"), ("50.0", "50")],
            "System.Int32[]" =>
                [("7", "@(7)"), ("'7'", "@(7)"), ("@('7', 8)", "@(7, 8)"), ("([long[]] (7, 8))", "@(7, 8)")],
            "System.String[]" =>
                [(sample.Script, $"@({sample.Script})"), ($"([object[]] @({sample.Script}))", $"@({sample.Script})")],
            "System.DateTime" => [($"'{sample.Text}'", sample.Script)],
            "System.Object" or "System.String" when parameter.Values.Count == 0 => OfText(parameter, sample),
            _ => [],
        };

    private static IEnumerable<(string, string)> OfText(GalleryParameter parameter, GallerySample sample)
    {
        if (sample.Json == null)
        {
            yield break;
        }
        yield return ($"([psobject] {sample.Script})", sample.Script);
        yield return ($"([pscustomobject] @{{ of = {sample.Script} }}).of", sample.Script);
        if (Guid.TryParseExact(sample.Script.Trim('\''), "D", out _))
        {
            yield return ($"([guid] {sample.Script})", sample.Script);
        }
        else if (long.TryParse(sample.Text, out long number))
        {
            yield return ($"{number}", $"'{number}'");
            yield return ($"([int] {number})", $"'{number}'");
            yield return ($"([uint64] {number})", $"'{number}'");
        }
        else if (parameter.Type == "System.Object" && parameter.Name is not "warrantyDate")
        {
            yield return ("5", "'5'");
            yield return ("1.5", "'1.5'");
            yield return ("([guid]::Empty)", $"'{Guid.Empty}'");
        }
    }
}
