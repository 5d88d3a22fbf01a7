<#
.SYNOPSIS
Makes of the built module and of native libraries what users install.

.DESCRIPTION
In -Output, which is emptied first:

  DattoRMM/<version>/       the module, as it lies in a module path
  DattoRMM-<version>.zip    the same to unzip there
  DattoRMM.<version>.nupkg  the same for Install-PSResource, from a folder or a gallery
  drmm-sim-<version>-<rid>.zip  the simulator of each platform
  SHA256SUMS                what these files must hash to

The same input makes the same bytes: files come in order, and with one time. The package task of build.ps1 calls this;
like it, it uses the engine's own commands only, and is plain ASCII.
#>
[CmdletBinding()]
param(
    # The built module; native libraries that lie in it are left out.
    [Parameter(Mandatory)]
    [string] $Module,

    # Folders <rid> with drmm_native.<extension> in each.
    [Parameter(Mandatory)]
    [string] $Native,

    [Parameter(Mandatory)]
    [string] $Output,

    # Folders <rid> with drmm-sim in each, with .exe on Windows; no simulator is packed if it is not named.
    [string] $Simulator = '',

    # More files for the module's folder.
    [string[]] $Document = @(),

    # More files for the simulators' zips.
    [string[]] $SimulatorDocument = @(),

    # Makes it an error that a platform's library or simulator is missing.
    [switch] $Complete
)

$ErrorActionPreference = 'Stop'

$Libraries = [ordered]@{
    'win-x64' = 'drmm_native.dll'
    'win-x86' = 'drmm_native.dll'
    'win-arm64' = 'drmm_native.dll'
    'linux-x64' = 'drmm_native.so'
    'linux-arm64' = 'drmm_native.so'
    'osx-x64' = 'drmm_native.dylib'
    'osx-arm64' = 'drmm_native.dylib'
}
# The first that a zip can hold. A package says by its version how old it is.
$Time = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
# The longest text of tags that galleries take.
$TagLimit = 4000
$Utf8 = [Text.UTF8Encoding]::new($false)

function Read-Manifest([string] $Path) {
    $errors = $null
    $script = [Management.Automation.Language.Parser]::ParseFile($Path, [ref] $null, [ref] $errors)
    if ($errors) {
        throw "$Path is no manifest: $($errors[0])"
    }
    $script.Find({ $args[0] -is [Management.Automation.Language.HashtableAst] }, $false).SafeGetValue()
}

# The files of a folder, relative to it and with slashes, in an order that no culture changes.
function Get-RelativeFile([string] $Folder) {
    $names = [string[]] @(
        foreach ($file in [IO.Directory]::GetFiles($Folder, '*', 'AllDirectories')) {
            $file.Substring($Folder.Length + 1).Replace('\', '/')
        }
    )
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $names
}

function Copy-File([string] $Source, [string] $Target) {
    [void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Target))
    [IO.File]::Copy($Source, $Target)
}

# Copies the module's files and the libraries that there are, and tells which there are not.
function Copy-Module([string] $Target) {
    foreach ($name in Get-RelativeFile $Module) {
        if (-not $Libraries.Contains($name.Split('/')[0])) {
            Copy-File ([IO.Path]::Combine($Module, $name)) ([IO.Path]::Combine($Target, $name))
        }
    }
    foreach ($path in $Document) {
        Copy-File $path ([IO.Path]::Combine($Target, [IO.Path]::GetFileName($path)))
    }
    $packed = @()
    $missing = @()
    foreach ($rid in $Libraries.Keys) {
        $source = [IO.Path]::Combine($Native, $rid, $Libraries[$rid])
        if ([IO.File]::Exists($source)) {
            Copy-File $source ([IO.Path]::Combine($Target, $rid, $Libraries[$rid]))
            $packed += $rid
            '  {0,-12}{1,10:n0} bytes' -f $rid, [IO.FileInfo]::new($source).Length | Out-Host
        }
        else {
            $missing += $rid
            '  {0,-12}not there' -f $rid | Out-Host
        }
    }
    if (-not $packed) {
        $example = [IO.Path]::Combine($Native, 'linux-x64', 'drmm_native.so')
        throw "There is no native library in $Native; one would be $example."
    }
    if ($missing -and $Complete) {
        throw "The package is to be complete, but $Native has no library for $($missing -join ', ')."
    }
}

# A zip of files (name in it -> its bytes), in their order. The one of the name -Program may be run where it is unzipped.
function Write-Zip([string] $Path, [Collections.Specialized.OrderedDictionary] $Files, [string] $Program = '') {
    # Loaded by its name: in Windows PowerShell it is not there by itself.
    [void] [Reflection.Assembly]::Load(
        'System.IO.Compression, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089')
    $stream = [IO.File]::Create($Path)
    try {
        $zip = [IO.Compression.ZipArchive]::new($stream, [IO.Compression.ZipArchiveMode]::Create)
        foreach ($name in $Files.Keys) {
            $entry = $zip.CreateEntry($name, [IO.Compression.CompressionLevel]::Optimal)
            $entry.LastWriteTime = $Time
            if ($name -eq $Program) {
                # A file with the mode 755, which such systems keep in the upper half.
                $entry.ExternalAttributes = 0x81ED -shl 16
            }
            $content = $entry.Open()
            $content.Write($Files[$name], 0, $Files[$name].Length)
            $content.Dispose()
        }
        $zip.Dispose()
    }
    finally {
        $stream.Dispose()
    }
}

function ConvertTo-Element([string] $Name, [string] $Value) {
    "    <$Name>$([Security.SecurityElement]::Escape($Value))</$Name>"
}

# What a gallery knows of the module without opening it; the tags in capitals are those that publishing adds.
function Get-Nuspec([hashtable] $Manifest) {
    $about = $Manifest.PrivateData.PSData
    $tags = @($about.Tags) + 'PSModule' + @($Manifest.CompatiblePSEditions | ForEach-Object { "PSEdition_$_" }) +
        'PSIncludes_Cmdlet' + @($Manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_" })
    $text = $tags -join ' '
    if ($text.Length -gt $TagLimit) {
        throw "The tags have $($text.Length) characters; galleries take $TagLimit."
    }
    @(
        '<?xml version="1.0" encoding="utf-8"?>'
        '<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">'
        '  <metadata>'
        ConvertTo-Element 'id' 'DattoRMM'
        ConvertTo-Element 'version' $Manifest.ModuleVersion
        ConvertTo-Element 'authors' $Manifest.Author
        ConvertTo-Element 'owners' $Manifest.Author
        ConvertTo-Element 'requireLicenseAcceptance' 'false'
        ConvertTo-Element 'licenseUrl' $about.LicenseUri
        ConvertTo-Element 'projectUrl' $about.ProjectUri
        ConvertTo-Element 'description' $Manifest.Description
        ConvertTo-Element 'releaseNotes' $about.ReleaseNotes
        ConvertTo-Element 'copyright' $Manifest.Copyright
        ConvertTo-Element 'tags' $text
        '  </metadata>'
        '</package>'
        ''
    ) -join "`n"
}

# The kind of each part of a nupkg, by its extension.
function Get-ContentTypes([string[]] $Names) {
    $extensions = [string[]] @($Names | ForEach-Object { [IO.Path]::GetExtension($_).TrimStart('.') })
    $overrides = @($Names | Where-Object { -not [IO.Path]::GetExtension($_) })
    [Array]::Sort($extensions, [StringComparer]::Ordinal)
    $last = ''
    $defaults = foreach ($extension in $extensions) {
        if ($extension -ne $last) {
            "  <Default Extension=`"$extension`" ContentType=`"$Bytes`" />"
        }
        $last = $extension
    }
    @(
        '<?xml version="1.0" encoding="utf-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />'
        '  <Default Extension="nuspec" ContentType="application/octet" />'
        $defaults
        $overrides | ForEach-Object { "  <Override PartName=`"/$_`" ContentType=`"$Bytes`" />" }
        '</Types>'
        ''
    ) -join "`n"
}

# Packs the simulators that there are, each with the licences of what is in it; gives the names of their zips.
function Write-Simulator {
    if (-not $Simulator) {
        return
    }
    foreach ($rid in $Libraries.Keys) {
        $program = if ($rid -like 'win-*') { 'drmm-sim.exe' } else { 'drmm-sim' }
        $path = [IO.Path]::Combine($Simulator, $rid, $program)
        $name = "drmm-sim-$version-$rid.zip"
        if (-not [IO.File]::Exists($path)) {
            if ($Complete) {
                throw "The package is to be complete, but there is no $path."
            }
            "  $name is not made: there is no $path" | Out-Host
            continue
        }
        $files = [ordered]@{ $program = [IO.File]::ReadAllBytes($path) }
        foreach ($document in $SimulatorDocument) {
            $files[[IO.Path]::GetFileName($document)] = [IO.File]::ReadAllBytes($document)
        }
        Write-Zip ([IO.Path]::Combine($Output, $name)) $files $program
        $name
    }
}

$Bytes = 'application/octet-stream'
$Relations = @(
    '<?xml version="1.0" encoding="utf-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '  <Relationship Id="R0" Target="/DattoRMM.nuspec"'
    '    Type="http://schemas.microsoft.com/packaging/2010/07/manifest" />'
    '</Relationships>'
    ''
) -join "`n"

$manifest = Read-Manifest ([IO.Path]::Combine($Module, 'DattoRMM.psd1'))
$version = $manifest.ModuleVersion
if ([IO.Directory]::Exists($Output)) {
    [IO.Directory]::Delete($Output, $true)
}
$folder = [IO.Path]::Combine($Output, 'DattoRMM', $version)
Copy-Module $folder

$names = Get-RelativeFile $folder
$zipped = [ordered]@{}
$packed = [ordered]@{
    '[Content_Types].xml' = $Utf8.GetBytes((Get-ContentTypes $names))
    '_rels/.rels' = $Utf8.GetBytes($Relations)
    'DattoRMM.nuspec' = $Utf8.GetBytes((Get-Nuspec $manifest))
}
foreach ($name in $names) {
    $bytes = [IO.File]::ReadAllBytes([IO.Path]::Combine($folder, $name))
    $zipped["DattoRMM/$version/$name"] = $bytes
    $packed[$name] = $bytes
}
Write-Zip ([IO.Path]::Combine($Output, "DattoRMM-$version.zip")) $zipped
Write-Zip ([IO.Path]::Combine($Output, "DattoRMM.$version.nupkg")) $packed

$sha = [Security.Cryptography.SHA256]::Create()
$sums = foreach ($name in @("DattoRMM-$version.zip", "DattoRMM.$version.nupkg") + @(Write-Simulator)) {
    $hash = [BitConverter]::ToString($sha.ComputeHash([IO.File]::ReadAllBytes([IO.Path]::Combine($Output, $name))))
    "$($hash.Replace('-', '').ToLowerInvariant())  $name`n"
}
[IO.File]::WriteAllText([IO.Path]::Combine($Output, 'SHA256SUMS'), -join $sums, $Utf8)
$sums | ForEach-Object { $_.TrimEnd() | Out-Host }
