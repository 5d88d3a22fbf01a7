using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>The module's side of the boundary against the header that the library's side is generated into.</summary>
public sealed partial class AbiTests
{
    private static readonly string s_header =
        File.ReadAllText(Path.Combine(Paths.Root, "crates", "drmm-ffi", "include", "drmm.h"));

    private static readonly MethodInfo[] s_imports = [.. typeof(NativeMethods)
        .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
        .Where(method => method.GetCustomAttribute<DllImportAttribute>() != null)];

    [Fact]
    public void Every_function_of_the_header_is_imported_with_its_types_and_names()
    {
        Dictionary<string, string> declared = Function().Matches(s_header).ToDictionary(
            match => match.Groups["name"].Value,
            match => Signature(match.Groups["result"].Value, match.Groups["parameters"].Value));
        Dictionary<string, string> imported = s_imports.ToDictionary(
            method => method.Name,
            method => $"{Name(method.ReturnType)} ({string.Join(", ", method.GetParameters()
                .Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}"))})");

        Assert.True(declared.Count >= 19, "drmm.h was not understood");
        Assert.Equal(declared.OrderBy(pair => pair.Key), imported.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Every_import_is_cdecl_by_its_exact_name_and_stands_with_the_others()
    {
        Assert.All(s_imports, method =>
        {
            DllImportAttribute import = method.GetCustomAttribute<DllImportAttribute>()!;
            Assert.Equal(
                ("drmm_native", CallingConvention.Cdecl, true, false),
                (import.Value, import.CallingConvention, import.ExactSpelling, import.SetLastError));
        });
        Assert.All(
            typeof(NativeMethods).Assembly.GetTypes().Where(type => type.Namespace != typeof(NativeMethods).Namespace),
            type => Assert.DoesNotContain(
                type.GetMethods((BindingFlags)(-1)), method => method.IsDefined(typeof(DllImportAttribute))));
    }

    [Fact]
    public void The_version_and_the_states_are_those_of_the_header()
    {
        Dictionary<string, int> numbers = Number().Matches(s_header).ToDictionary(
            match => match.Groups["name"].Value, match => int.Parse(match.Groups["number"].Value));

        Assert.Equal((int)NativeLoader.AbiVersion, numbers["ABI_VERSION"]);
        Assert.Equal(
            new Dictionary<string, int>
            {
                ["READY"] = (int)StreamState.Ready,
                ["PENDING"] = (int)StreamState.Pending,
                ["END"] = (int)StreamState.End,
                ["CANCELLED"] = (int)StreamState.Cancelled,
            },
            numbers.Where(pair => pair.Key is "READY" or "PENDING" or "END" or "CANCELLED").ToDictionary());
    }

    [Fact]
    public void Every_kind_of_error_is_known_by_its_number_and_has_an_id_of_its_own()
    {
        Dictionary<string, int> kinds = Number().Matches(s_header)
            .Where(match => match.Groups["name"].Value.StartsWith("ERROR_", StringComparison.Ordinal))
            .ToDictionary(
                match => Pascal(match.Groups["name"].Value["ERROR_".Length..]),
                match => int.Parse(match.Groups["number"].Value));

        Assert.True(kinds.Count >= 22, "drmm.h was not understood");
        Assert.All(kinds, kind => Assert.Equal(
            kind.Key == "Null" ? "NullPointer" : kind.Key, ((ErrorKind)kind.Value).ToString()));
        Assert.All(kinds, kind => Assert.NotEqual(
            "DrmmError", new DrmmException((ErrorKind)kind.Value, "").ToErrorRecord(null).FullyQualifiedErrorId));
    }

    /// <summary>A declaration in the words of the imports.</summary>
    private static string Signature(string result, string parameters) =>
        $"{Import(result)} ({string.Join(", ", parameters
            .Split(',', StringSplitOptions.TrimEntries)
            .Where(parameter => parameter != "void")
            .Select(parameter => Parameter().Match(parameter))
            .Select(match => $"{Import(match.Groups["type"].Value)} {match.Groups["name"].Value}"))})";

    private static string Import(string type) => type.Replace(" *", "*").Trim() switch
    {
        "void" => "Void",
        "int32_t" => "Int32",
        "int32_t*" => "Int32*",
        "uint32_t" => "UInt32",
        "int64_t" => "Int64",
        "uintptr_t" => "UIntPtr",
        "uintptr_t*" => "UIntPtr*",
        "const uint8_t*" => "Byte*",
        "const drmm_session*" => nameof(SessionHandle),
        "const drmm_stream*" => nameof(StreamHandle),
        "const drmm_buffer*" => nameof(NativeBuffer),
        // An error is read and freed within one method, so it needs no handle of its own.
        "const drmm_error*" => "IntPtr",
        "drmm_session*" or "drmm_stream*" or "drmm_buffer*" or "drmm_error*" => "IntPtr",
        "drmm_session**" or "drmm_stream**" or "drmm_buffer**" or "drmm_error**" => "IntPtr*",
        string unknown => $"({unknown})",
    };

    private static string Name(Type type) => type.Name;

    private static string Pascal(string name) =>
        string.Concat(name.Split('_').Select(word => word[..1] + word[1..].ToLowerInvariant()));

    [GeneratedRegex(@"^(?<result>[\w ]+\*?)\b(?<name>drmm_\w+)\((?<parameters>[^)]*)\);", RegexOptions.Multiline)]
    private static partial Regex Function();

    [GeneratedRegex(@"^(?<type>[\w ]+?[ *]+)(?<name>\w+)$")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^#define DRMM_(?<name>\w+) (?<number>\d+)$", RegexOptions.Multiline)]
    private static partial Regex Number();
}
