using System.Net;
using System.Security;

namespace DattoRMM.Commands;

/// <summary>
/// Lets a secret be a secure string, as secret stores and prompts give it; the engine would send its type's name.
/// </summary>
internal sealed class SecretAttribute : ElementAttribute
{
    private protected override object? Read(object? value) =>
        Plain(value) is SecureString secret ? new NetworkCredential("", secret).Password : value;
}
