using System.Management.Automation;
using DattoRMM.Client;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What scripts see of each kind of error.</summary>
public sealed class ErrorKindTests
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
        { nameof(ErrorKind.Internal), "DrmmInternalError", ErrorCategory.NotSpecified },
        { nameof(ErrorKind.Panic), "DrmmInternalError", ErrorCategory.NotSpecified },
        { nameof(ErrorKind.NativeLibrary), "DrmmNativeLibrary", ErrorCategory.NotInstalled },
        { nameof(ErrorKind.Withdrawn), "DrmmWithdrawn", ErrorCategory.NotImplemented },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void A_kind_has_its_id_its_category_and_its_target(string kind, string id, ErrorCategory category)
    {
        DrmmException fault = new(Enum.Parse<ErrorKind>(kind), "something happened");

        ErrorRecord record = fault.ToErrorRecord("target");

        Assert.Equal((id, category), (record.FullyQualifiedErrorId, record.CategoryInfo.Category));
        Assert.Equal("target", record.TargetObject);
        Assert.Equal("Something happened.", record.ToString());
    }
}
