using System.Management.Automation;
using System.Text.RegularExpressions;
using DattoRMM.Client;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>The kinds of errors: the library's numbers, and what scripts see of them.</summary>
public sealed partial class ErrorKindTests
{
    /// <summary>Stable: scripts compare with them.</summary>
    public static TheoryData<string, string, ErrorCategory> Records => new()
    {
        { nameof(ErrorKind.InvalidArgument), "DrmmInvalidArgument", ErrorCategory.InvalidArgument },
        { nameof(ErrorKind.NotConnected), "DrmmNotConnected", ErrorCategory.ConnectionError },
        { nameof(ErrorKind.Authentication), "DrmmAuthentication", ErrorCategory.AuthenticationError },
        { nameof(ErrorKind.Forbidden), "DrmmForbidden", ErrorCategory.PermissionDenied },
        { nameof(ErrorKind.NotFound), "DrmmNotFound", ErrorCategory.ObjectNotFound },
        { nameof(ErrorKind.Rejected), "DrmmRejected", ErrorCategory.InvalidArgument },
        { nameof(ErrorKind.Conflict), "DrmmConflict", ErrorCategory.ResourceExists },
        { nameof(ErrorKind.RateLimited), "DrmmRateLimited", ErrorCategory.LimitsExceeded },
        { nameof(ErrorKind.Blocked), "DrmmBlocked", ErrorCategory.LimitsExceeded },
        { nameof(ErrorKind.Server), "DrmmServer", ErrorCategory.ResourceUnavailable },
        { nameof(ErrorKind.Connection), "DrmmConnection", ErrorCategory.ConnectionError },
        { nameof(ErrorKind.Tls), "DrmmTls", ErrorCategory.ConnectionError },
        { nameof(ErrorKind.Timeout), "DrmmTimeout", ErrorCategory.OperationTimeout },
        { nameof(ErrorKind.Malformed), "DrmmMalformedAnswer", ErrorCategory.InvalidData },
        { nameof(ErrorKind.TooLarge), "DrmmTooLarge", ErrorCategory.LimitsExceeded },
        { nameof(ErrorKind.ForeignPage), "DrmmForeignPage", ErrorCategory.SecurityError },
        { nameof(ErrorKind.PageLoop), "DrmmPageLoop", ErrorCategory.InvalidResult },
        { nameof(ErrorKind.NativeLibrary), "DrmmNativeLibrary", ErrorCategory.NotInstalled },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void A_kind_has_its_id_its_category_and_its_target(string kind, string id, ErrorCategory category)
    {
        ErrorRecord record = new DrmmException(Enum.Parse<ErrorKind>(kind), "something happened").ToErrorRecord("target");

        Assert.Equal((id, category, "target"), (record.FullyQualifiedErrorId, record.CategoryInfo.Category, record.TargetObject));
        Assert.Equal("Something happened.", record.ToString());
    }

    [Fact]
    public void Every_kind_of_the_library_is_known_here_and_has_an_id_of_its_own()
    {
        string source = File.ReadAllText(Path.Combine(Paths.Root, "crates", "drmm", "src", "error.rs"));
        Dictionary<string, int> kinds = Kind().Matches(source)
            .ToDictionary(match => match.Groups["name"].Value, match => int.Parse(match.Groups["number"].Value));

        Assert.True(kinds.Count > 15, "error.rs was not understood");
        Assert.All(kinds, kind => Assert.Equal(kind.Key, ((ErrorKind)kind.Value).ToString()));
        Assert.All(kinds, kind => Assert.NotEqual(
            "DrmmError", new DrmmException((ErrorKind)kind.Value, "").ToErrorRecord(null).FullyQualifiedErrorId));
    }

    [GeneratedRegex(@"^    (?<name>[A-Z]\w+) = (?<number>\d+),$", RegexOptions.Multiline)]
    private static partial Regex Kind();
}
