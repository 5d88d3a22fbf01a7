using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Keeps a planted library on LD_LIBRARY_PATH or PATH out: from .NET 10 on, only the module's own folders are searched.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]

[assembly: ComVisible(false)]
[assembly: InternalsVisibleTo("DattoRMM.Engine.Tests")]
[assembly: InternalsVisibleTo("DattoRMM.Tests.Commands")]
[assembly: InternalsVisibleTo("DattoRMM.Bench")]
[assembly: InternalsVisibleTo("DattoRMM.Framework.Tests")]
